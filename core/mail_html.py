"""HTML of mails as mail programs need it: many throw the style sheet away, so what has a look carries it itself."""

from html.parser import HTMLParser

# By tag, and by class. What a template says in an element's own `style` comes after, and so wins.
TAG_STYLES = {
    "p": "margin: 0 0 16px;",
    "ul": "margin: 0 0 16px; padding: 0 0 0 22px;",
    "ol": "margin: 0 0 16px; padding: 0 0 0 22px;",
    "li": "margin: 0 0 6px;",
    "a": "color: #b93a12;",
    "td": 'font-family: Inter, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;',
    "h2": "margin: 24px 0 8px; font-size: 19px; line-height: 26px; font-weight: 700;",
    "h3": "margin: 24px 0 8px; font-size: 17px; line-height: 24px; font-weight: 700;",
    "blockquote": "margin: 0 0 16px; padding: 0 0 0 14px; border-left: 3px solid #e5e2dd;",
    "pre": "margin: 0 0 16px; white-space: pre-wrap; font-size: 14px;",
    "hr": "margin: 24px 0; border: 0; border-top: 1px solid #e5e2dd;",
}
CLASS_STYLES = {
    "quiet": "color: #6b6964;",
    "facts": "margin: 0 0 16px; font-size: 15px;",
}
# Cells of a table of facts have room around them, but for the edge of the table.
FIRST_FACT_STYLE = "padding: 6px 0; vertical-align: top;"
FACT_STYLE = "padding: 6px 0 6px 16px; vertical-align: top;"


def with_inline_styles(html: str) -> str:
    """The same document, each element with the styles of its tag and classes. What is no start tag stays as it is."""
    inliner = _Inliner()
    inliner.feed(html)
    inliner.close()
    return "".join(inliner.parts)


class _Inliner(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        # For each table that is open whether it is one of facts.
        self.tables: list[bool] = []
        self.is_first_cell = False

    def handle_starttag(self, tag, attributes):
        source, given = self.get_starttag_text(), dict(attributes)
        classes = (given.get("class") or "").split()
        if tag == "table":
            self.tables.append("facts" in classes)
        styles = [TAG_STYLES.get(tag, "")]
        if tag == "tr":
            self.is_first_cell = True
        if tag == "td" and self.tables and self.tables[-1]:
            styles.append(FIRST_FACT_STYLE if self.is_first_cell else FACT_STYLE)
            self.is_first_cell = False
        styles += [CLASS_STYLES.get(name, "") for name in classes]
        wanted = " ".join(filter(None, styles)).replace('"', "'")
        if not wanted:
            self.parts.append(source)
        elif "style" in given:
            self.parts.append(source.replace('style="', f'style="{wanted} ', 1))
        else:
            end = "/>" if source.endswith("/>") else ">"
            self.parts.append(f'{source[: -len(end)].rstrip()} style="{wanted}"{end}')

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        if tag == "table" and self.tables:
            self.tables.pop()
        self.parts.append(f"</{tag}>")

    def handle_data(self, data):
        self.parts.append(data)

    def handle_entityref(self, name):
        self.parts.append(f"&{name};")

    def handle_charref(self, name):
        self.parts.append(f"&#{name};")

    def handle_comment(self, data):
        self.parts.append(f"<!--{data}-->")

    def handle_decl(self, decl):
        self.parts.append(f"<!{decl}>")

    def unknown_decl(self, data):
        self.parts.append(f"<![{data}]>")
