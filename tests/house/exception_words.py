"""The exceptions that are about plants and about photos of them."""

OF_PLANTS = {
    "threshold_invalid",
    "not_a_plant",
    "in_the_future",
    "history_ends_first",
    "history_too_long",
    "no_garden",
    "profile_invalid",
    "profile_too_large",
    "profile_version",
}
OF_PHOTOS = {
    "diagnosis_nothing",
    "one_plant",
    "organs_count",
    "photo_forbidden",
    "photo_not_media",
    "photo_one",
    "photo_unavailable",
    "photos_count",
    "question_empty",
    "question_none",
    "species_unknown",
}

OF_ACCOUNTS = {
    "provider": {"service"},
    "account": {"api_key", "client_id", "client_secret", "flora", "model"},
    "model": {"entity"},
    "key": {"api_key", "client_id", "client_secret"},
    "archive": {"service"},
    "bucket": {"bucket", "base_url", "region", "remove"}
    | {"key_id", "secret_key", "service_account"},
}

ALBUM = {"photos_kept", "photos_days", "photos_forget"}

OF_BUCKETS = {"bucket_name", "bucket_prefix", "bucket_region"}

# Attributes of a plant's light.
OF_LIGHT = {
    "decided_by",
    "lamp_hours_left",
    "light_so_far",
    "light_to_come",
    "light_wanted",
    "lamp_brightness",
}
