"""The templates of pages, with the one style and the one script that all of them share."""
