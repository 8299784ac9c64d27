"""Forms of the saved-bundle pages."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class NameForm(FlaskForm):
    """A name for a saved bundle."""

    name = StringField(
        "Name of this bundle",
        [
            InputRequired("Enter a name, such as “Family 2027”."),
            Length(max=120, message="Enter at most 120 characters."),
        ],
        filters=[lambda text: (text or "").strip()],
    )
