"""Copies of the album's photos in a store of the user's own, verified before they count.

`store` says what a store is, `s3` and `gcs` are the two kinds; `archiver` takes the photos there.
"""
