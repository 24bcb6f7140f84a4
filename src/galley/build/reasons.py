"""Why files, articles and entries are quarantined: every code, in words, with what helps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """What a reason code means.

    Attributes:
        code: The stable word in `quarantine.jsonl` and in the account.
        sentence: What it says about the bytes.
        hint: What a maintainer can do.
    """

    code: str
    sentence: str
    hint: str


_ALL = (
    Reason(
        "empty",
        "The file holds nothing but white space.",
        "Fetch it again, or take it out of the folder.",
    ),
    Reason(
        "binary",
        "The file holds control characters or NUL, or begins as files of another kind do.",
        "If another program can open it, save it from there as plain text or HTML; else take it "
        "out.",
    ),
    Reason(
        "not_utf8",
        "The bytes are text, but neither UTF-8 nor in the encoding that was declared.",
        "Name the encoding in build/sources.toml, or save the file as UTF-8.",
    ),
    Reason(
        "encoding_ambiguous",
        "The bytes may be in more than one encoding, and a guess could be wrong.",
        "Name the encoding in build/sources.toml, or save the file as UTF-8.",
    ),
    Reason(
        "unknown_layout",
        "No layout fits the page: no title with enough prose under it was found.",
        "`galley inspect FILE` shows how each layout scores; a page without an article "
        "belongs out of the folder.",
    ),
    Reason(
        "not_html",
        "The page has no body that can be read, such as one made of frames.",
        "Fetch the page of the frame that holds the article.",
    ),
    Reason(
        "no_text",
        "The page has no running text: it may be a list of links, a film, or made by a script.",
        "Save it from a browser, after its scripts have run; else take it out.",
    ),
    Reason(
        "no_title",
        "Neither the head of the page nor a heading says a title.",
        "A page without an article belongs out of the folder.",
    ),
    Reason(
        "listing_page",
        "The web page lists several articles, none of which is the page's own.",
        "Save the page of each article, where its text is whole; take this one out of the folder.",
    ),
    Reason(
        "too_large",
        "The file or the page is larger, or its elements are nested deeper, than articles are.",
        "Divide it, or raise `build.max_bytes`; what was built to stall its reader belongs out of "
        "the folder.",
    ),
    Reason(
        "http_error",
        "The web archive holds the server's refusal, not a page.",
        "Crawl the address again, or leave the record where it is.",
    ),
    Reason(
        "content_encoding",
        "The web archive holds the page packed in a way that cannot be unpacked here.",
        "Crawl it again, asking for gzip.",
    ),
    Reason(
        "several_articles",
        "One record of the web archive is a text of several articles.",
        "Put the text into a file of its own.",
    ),
    Reason(
        "warc_truncated",
        "The web archive breaks off within a record.",
        "What stands before it was read; fetch the archive again for the rest.",
    ),
    Reason(
        "warc_malformed",
        "A record of the web archive has no length, or another than it states.",
        "What stands before it was read; write the archive again with warcio.",
    ),
    Reason(
        "encoding_ambiguous",
        "What a byte means depends on those before it, so nothing in the file has a place.",
        "Convert the file to UTF-8.",
    ),
    Reason(
        "container_corrupt",
        "The compressed file is cut short or damaged.",
        "Fetch it again; nothing of it was read.",
    ),
    Reason(
        "feed_malformed",
        "What stands there is no well-formed XML; other entries of the feed were read.",
        "The detail says where it breaks: fetch the feed again, or mend it.",
    ),
    Reason(
        "feed_empty",
        "The feed has no entry.",
        "Take it out of the folder, or wait until something is published.",
    ),
    Reason(
        "entry_no_text",
        "The entry of the feed has neither content nor a summary.",
        "Fetch the page that it links to.",
    ),
    Reason(
        "row_invalid",
        "The row is no JSON object, or has other cells than its header.",
        "The detail says where it breaks: write the row again with a library for the format.",
    ),
    Reason(
        "row_value",
        "A value is of a kind that the field of a record cannot take.",
        "Convert it where the file is made, or correct `fields` in build/sources.toml.",
    ),
    Reason(
        "row_ambiguous",
        "A name that a field is read from stands there twice: in the header, or in the object.",
        "Rename one of them where the file is made, or read the field from another column.",
    ),
    Reason(
        "row_no_text",
        "The row has no text.",
        "If the text stands in another column, name it under `fields` in build/sources.toml.",
    ),
    Reason(
        "no_rows",
        "The table has no row.",
        "Take it out of the folder, or write it again where rows are missing.",
    ),
    Reason(
        "parquet_corrupt",
        "The Parquet file is cut short or damaged.",
        "Fetch it again; the rows before the damage were read.",
    ),
    Reason(
        "text_character",
        "It holds a control character, a lone surrogate or heaps of marks, which no text has.",
        "Repair the characters in the raw file.",
    ),
    Reason(
        "text_hash",
        "The hash of the text is not that of the text.",
        "This is a bug in Galley: please report it with the file.",
    ),
    Reason(
        "span_range",
        "A subhead or an entity lies outside of the text.",
        "This is a bug in Galley: please report it with the file.",
    ),
    Reason(
        "span_text",
        "The characters at an entity's offsets are not the entity's.",
        "This is a bug in Galley: please report it with the file.",
    ),
    Reason(
        "span_order",
        "The entities are not sorted by their offsets.",
        "This is a bug in Galley: please report it with the file.",
    ),
)
_SCHEMA_SENTENCE = "The record breaks the rule `{}` of schema/article.schema.json."
_SCHEMA_HINT = (
    "The detail names the field: mend the page, state it in sources.toml, or relax the rule."
)
REASONS = {reason.code: reason for reason in _ALL}


def find_reason(code: str) -> Reason | None:
    """Return what the reason `code` means, or None for one that nobody described.

    Example:
        >>> find_reason("schema_minLength").sentence
        'The record breaks the rule `minLength` of schema/article.schema.json.'
    """
    prefix, _, rule = code.partition("_")
    if prefix == "schema" and rule:  # one for each keyword of JSON Schema
        return Reason(code, _SCHEMA_SENTENCE.format(rule), _SCHEMA_HINT)
    return REASONS.get(code)
