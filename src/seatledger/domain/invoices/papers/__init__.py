"""Papers: what an issued document looks like as PDF and as XML. Everything here is a pure function of the document.

`content` says what stands on it, `page` sets it, `semantics` says the same in the terms of EN 16931, `cii` and `ubl`
write that down in the two syntaxes, `envelope` puts the one into the other.
"""
