"""Forms of the account pages."""

import re

from flask_wtf import FlaskForm
from wtforms import Field, Form, PasswordField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from portal.accounts.passwords import LONGEST, SHORTEST

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
NEW_PASSWORD_HINT = f"At least {SHORTEST} characters. Several words in a row are easy to remember; any letters will do."


def _email(_form: Form, field: Field) -> None:
    if not _EMAIL.fullmatch(field.data or ""):
        raise ValidationError("Enter an email address such as name@example.com.")


def _long_enough(_form: Form, field: Field) -> None:
    number = len(field.data or "")
    if number < SHORTEST:
        raise ValidationError(f"Enter at least {SHORTEST} characters; this password has {number}.")
    if number > LONGEST:
        raise ValidationError(f"Enter at most {LONGEST} characters; this password has {number}.")


def _email_field() -> StringField:
    checks = [InputRequired("Enter your email address."), Length(max=254, message="Enter a shorter address."), _email]
    return StringField(
        "Email address",
        checks,
        filters=[lambda text: (text or "").strip()],
        render_kw={"type": "email", "autocomplete": "username", "spellcheck": "false"},
    )


def _new_password_field(label: str) -> PasswordField:
    return PasswordField(
        label,
        [InputRequired("Choose a password."), _long_enough],
        description=NEW_PASSWORD_HINT,
        render_kw={"autocomplete": "new-password"},
    )


def _known_password_field(label: str) -> PasswordField:
    return PasswordField(label, [InputRequired("Enter your password.")], render_kw={"autocomplete": "current-password"})


class SignInForm(FlaskForm):
    """Email and password."""

    email = _email_field()
    password = _known_password_field("Password")


class RegisterForm(FlaskForm):
    """A new account."""

    name = StringField(
        "Your name",
        [InputRequired("Enter your name."), Length(max=120, message="Enter at most 120 characters.")],
        filters=[lambda text: (text or "").strip()],
        render_kw={"autocomplete": "name"},
    )
    email = _email_field()
    password = _new_password_field("Password")


class PasswordForm(FlaskForm):
    """The present password and the new one."""

    current_password = _known_password_field("Your password now")
    new_password = _new_password_field("New password")


class MergeForm(FlaskForm):
    """What to do with work from before signing in."""

    choice = RadioField(
        "What should we do with it?",
        [InputRequired("Choose one of the two.")],
        choices=[
            SelectChoice("both", "Keep both: add it to my account"),
            SelectChoice("account", "Keep only what is in my account"),
        ],
    )
