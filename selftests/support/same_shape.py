"""Legal ways to differ that change no shape: more of the same, other values, other ways to travel."""

SAME_SHAPE = frozenset(
    {
        "sizes-1-1",
        "sizes-3-4",
        "sizes-250-750",
        "sizes-no-company",
        "list-changes-once",
        "companies-change-once",
        "clock-hour-ahead",
        "cookie-secure",
        "headers-lower-case",
        "headers-more",
        "ids-huge",
        "json-escaped",
        "link-several-lines",
        "paging-no-link",
        "project-custom-fields-new-type",
        "project-no-custom-fields",
        "project-just-made",
        "project-fractions",
        "rate-limit-just-reset",
        "tokens-jwt",
        "travel-gzip-chunked",
        "wait-429-projects",
    }
)
