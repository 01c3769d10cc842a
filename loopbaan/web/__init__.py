"""The pages: server-rendered, without a script, in Dutch and in English. They read the clock."""
