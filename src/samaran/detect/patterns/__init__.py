"""Pattern families, one module each. `families()` lists all of them."""

from presidio_analyzer import EntityRecognizer


def families() -> list[EntityRecognizer]:
    """All pattern families, in a fixed order."""
    from samaran.detect.patterns.accounts import ACCOUNTS
    from samaran.detect.patterns.addresses import ADDRESSES
    from samaran.detect.patterns.ages import AGES
    from samaran.detect.patterns.dates import DATES
    from samaran.detect.patterns.handles import HANDLES
    from samaran.detect.patterns.links import EMAILS, URLS
    from samaran.detect.patterns.numbers import ID_NUMBERS
    from samaran.detect.patterns.phones import PHONES
    from samaran.detect.patterns.plates import PLATES

    return [EMAILS, URLS, ID_NUMBERS, PHONES, ACCOUNTS, PLATES, ADDRESSES, DATES, AGES, HANDLES]
