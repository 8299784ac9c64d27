"""What changes from one model to another, and which stored configurations the change makes invalid."""

from collections.abc import Mapping

from configurator.engine.model import ConfigurationModel
from configurator.engine.values import NONE, Configuration, Difference, Facts, Invalidated, OptionModel, Pick
from configurator.rules.check import law_values
from configurator.rules.model import Rule

Stored = Mapping[str, tuple[Configuration, Facts]]  # key -> configuration and the household's facts


def diff(before: ConfigurationModel, after: ConfigurationModel, stored: Stored | None = None) -> Difference:
    """What differs in options and rules in force, and the ``stored`` bundles that ``after`` refuses.

    A bundle that ``before`` refused too is not listed: nothing changed for it. A rule is changed where its words, its
    dates or its law's numbers are.
    """
    old, new = _options(before), _options(after)
    was, now = _rules(before), _rules(after)
    return Difference(
        options_added=tuple(pick for pick in new if pick not in old),
        options_removed=tuple(pick for pick in old if pick not in new),
        options_changed=tuple(pick for pick in new if pick in old and new[pick] != old[pick]),
        rules_added=tuple(rule_id for rule_id in now if rule_id not in was),
        rules_removed=tuple(rule_id for rule_id in was if rule_id not in now),
        rules_changed=tuple(rule_id for rule_id in now if rule_id in was and now[rule_id] != was[rule_id]),
        invalidated=tuple(
            found
            for key, (configuration, facts) in (stored or {}).items()
            if not _refused(before, key, configuration, facts) and (found := _refused(after, key, configuration, facts))
        ),
    )


def _options(model: ConfigurationModel) -> dict[Pick, OptionModel]:
    return {
        (line, option.option_id): option
        for line, options in model.compiled.options.items()
        for option in options
        if option.option_id != NONE
    }


def _rules(model: ConfigurationModel) -> dict[str, tuple]:
    return {rule.id: _content(rule, model) for rule in model.compiled.rules}


def _content(rule: Rule, model: ConfigurationModel) -> tuple:
    law = model.missing_law.get(rule.id) or sorted(law_values(rule, model.law, model.as_of).items())
    dates = (rule.effective_from, rule.effective_until, rule.recorded)
    return (rule.when, rule.require, rule.message, rule.mend, rule.cite, dates, law)


def _refused(model: ConfigurationModel, key: str, configuration: Configuration, facts: Facts) -> Invalidated | None:
    gone = tuple(pick for pick in configuration.items() if not model.compiled.has(*pick))
    kept = {line: option_id for line, option_id in configuration.items() if (line, option_id) not in gone}
    gone = tuple(pick for pick in gone if pick[1] != NONE)
    violations = model.check(kept, facts).violations
    return Invalidated(key, gone, violations) if gone or violations else None
