"""Outside parties, one file each: what is asked of them, a stand-in, and the real one."""
