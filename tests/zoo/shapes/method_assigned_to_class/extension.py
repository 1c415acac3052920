"""HTML for documents."""

from document import Document


def to_html(self, tag="p"):
    return "".join(f"<{tag}>{text}</{tag}>" for text in self.paragraphs)


Document.to_html = to_html
setattr(Document, "render", staticmethod(lambda *texts: to_html(Document(*texts))))
