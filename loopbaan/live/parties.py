"""The outside parties of this installation, each behind its port: chosen in one place."""

import hashlib
from datetime import date
from functools import cache

from django.conf import settings
from django.utils.text import slugify

from loopbaan.adapters.bank import BankAccount
from loopbaan.adapters.fake_bank import FakeBank
from loopbaan.adapters.letters import FolderLetters
from loopbaan.adapters.mailbox import FolderMailbox
from loopbaan.adapters.sandbox_registers import SandboxRegisters
from loopbaan.adapters.webhooks import HttpSender


@cache
def registers() -> SandboxRegisters:
    """Return the registers; the sandbox ones are the only ones there are yet."""
    return SandboxRegisters(
        settings.SANDBOX_SEED, settings.SANDBOX_PEOPLE, outage=settings.STATE / "outage"
    )


@cache
def mailbox() -> FolderMailbox:
    """Return the mailbox: a folder that the sandbox shows on a page."""
    return FolderMailbox(settings.STATE / "mail")


@cache
def letters() -> FolderLetters:
    """Return who prints and posts letters: a folder that the sandbox shows on a page."""
    return FolderLetters(settings.STATE / "letters", settings.ACCOUNT_NAME)


@cache
def software() -> HttpSender:
    """Return who tells the software of centres; in the sandbox it may be on this machine."""
    return HttpSender(is_open=settings.SANDBOX)


def account() -> BankAccount:
    """Return the account on which workers pay their share."""
    return BankAccount(settings.ACCOUNT_NAME, settings.ACCOUNT_IBAN)


@cache
def bank() -> FakeBank:
    """Return the bank; the fake one is the only one there is yet."""
    return FakeBank(account(), settings.STATE / "bank")


def sandbox_address(registers: SandboxRegisters, insz: str, on: date) -> str:
    """Return the address of someone of the sandbox: one a person, and no mail can reach it."""
    person = registers.person(insz, on=on)
    assert person is not None, "the sandbox knows whom it invented"
    part = hashlib.sha256(insz.encode()).hexdigest()[:4]
    return f"{slugify(person.name).replace('-', '.')}.{part}@post.example"
