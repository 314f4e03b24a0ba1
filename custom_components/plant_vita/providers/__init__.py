"""Cloud services that know plants, and the panel that asks several of them at once.

For the glue, all of it on the event loop:

    spec = PROVIDERS[kind]                      # registry: one dict, kind → Spec
    account = Account(secrets={name: Secret(text) for name in spec.fields}, base_url=…, options=…)
    provider = spec.open(account, session)      # imports and connects nothing yet
    seat = Seat(id=entry_id, spec=spec, provider=provider, daily=limit, options=account.options)
    await attempt.check(seat)                   # for a config flow: bounded, raises ProviderError

    ledger = Ledger(storage, time.time)         # Storage: load and save one JSON object
    panel = Panel(ledger=ledger, answers=storage, now=time.time, jitter=random.random)
    await panel.open()
    panel.seat(seat)                            # and `await panel.unseat(entry_id)`
    finding = await panel.ask(Ask(task=Task.IDENTIFY, photos=(photo,)), watch=callback)
    await panel.close()

- A config flow asks for `spec.fields` (secrets) and `spec.options`, and offers `spec.base_url` to
  change; nothing but `registry.py` names a kind.
- `ask` answers with a `Finding` (`model/finding.py`), in which every service has a `Voice` with its
  `Outcome`: an answer, or the translation key of why there is none, and when it is back. It raises
  NotAskedError and AllFailedError only; `key` is the text for people. Re-authenticate on
  `provider_key` and `provider_forbidden`; a `provider_quota` has `again_at` for a repair issue.
- `watch` is called with each `Progress`. `ledger.today(seat_id)` is how many calls count today.
- A kind without a service of its own (`ai_task`) asks `account.models`, the models of the house;
  its `spec.entities` are chosen among entities. `inquiry` has what to ask any model and how to read
  what it says.

Cancelling `ask` harms nobody who waits for the same. Kinds and outcomes are logged, never a key.
"""
