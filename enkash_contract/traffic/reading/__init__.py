"""Files of recordings as streams of plain text: where they are, and what is packed around them."""
