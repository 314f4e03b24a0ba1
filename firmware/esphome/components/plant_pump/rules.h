// Whether a pump may run. No clock, no pins and no flash of its own: who asks says what time it is,
// and writes down what there is to be kept. Includes nothing of ESPHome, so that it is tested alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace esphome::plant_pump {

inline constexpr int64_t DAY_MS = 86400000;
// With one run a minute for each, the two oldest bookings are older than any pause (see `book`).
inline constexpr uint32_t CHANNELS_MAX = 8;
inline constexpr size_t BOOKINGS_MAX = 12;
inline constexpr uint32_t NO_CHANNEL = 0xFFFFFFFF;

enum class Refusal : uint32_t { NONE, INTERLOCK, OFFLINE, BUSY, PAUSE, BUDGET, LEDGER_LOST, NOT_WRITTEN };

// One run: when it is over at the latest, by the lifetime clock, and how long it may have lasted.
struct Booking {
  int64_t end;
  uint32_t ms;
  uint32_t channel;
};

// What is kept in flash. A booking without milliseconds is no booking.
struct Ledger {
  uint32_t checksum;
  uint32_t lost;
  int64_t lifetime;
  Booking bookings[BOOKINGS_MAX];
};
static_assert(sizeof(Ledger) < 256, "more than some of ESPHome's platforms keep in one piece");

// Times are in ms. `uptime` counts from the boot and never goes back; the lifetime clock is the sum
// of all uptimes that were written down. It stands still while there is no power, and a day by it
// is therefore never shorter than a real one.
class Rules {
 public:
  Rules(uint32_t daily_ms, uint32_t pause_ms) : daily_ms_(daily_ms), pause_ms_(pause_ms) {}

  // Take over what was found in flash. Without a ledger, or with a broken one, the day's budget
  // counts as used up, and `lost` says so.
  void begin(const Ledger *found, int64_t uptime) {
    if (found != nullptr && found->checksum == checksum(*found)) {
      this->ledger_ = *found;
    } else {
      this->ledger_ = {};
      this->ledger_.lost = 1;
      this->ledger_.bookings[0] = {0, this->daily_ms_, NO_CHANNEL};
    }
    this->offset_ = this->ledger_.lifetime - uptime;
  }

  // Why a run of `ms` may not begin.
  Refusal refusal(uint32_t channel, uint32_t ms, int64_t uptime) const {
    if (this->running_ != nullptr)
      return Refusal::BUSY;
    const int64_t now = uptime + this->offset_;
    int64_t used = ms;
    for (const Booking &one : this->ledger_.bookings) {
      if (counts(one, now))
        used += one.ms;
      if (one.ms != 0 && one.channel == channel && now < one.end + this->pause_ms_)
        return Refusal::PAUSE;
    }
    if (used <= this->daily_ms_)
      return Refusal::NONE;
    return this->is_lost(uptime) ? Refusal::LEDGER_LOST : Refusal::BUDGET;
  }

  // Count a run as if it lasted to its end; to be written down before the pump starts.
  void book(uint32_t channel, uint32_t ms, int64_t uptime) {
    const int64_t now = uptime + this->offset_;
    Booking *place = nullptr, *first = nullptr, *second = nullptr;
    for (Booking &one : this->ledger_.bookings) {
      if (!counts(one, now)) {
        place = &one;
      } else if (first == nullptr || one.end < first->end) {
        second = first;
        first = &one;
      } else if (second == nullptr || one.end < second->end) {
        second = &one;
      }
    }
    if (place == nullptr) {
      // Nothing is forgotten too early: the oldest counts for as long as the next.
      second->ms += first->ms;
      place = first;
    }
    *place = {now + ms, ms, channel};
    this->running_ = place;
  }

  // The pump is off, after `ran` ms.
  void settle(uint32_t ran, int64_t uptime) {
    if (this->running_ == nullptr)
      return;
    // A pulse that was ended late has given more than was booked.
    this->running_->ms = ran == 0 ? 1 : ran;
    this->running_->end = uptime + this->offset_;
    this->running_ = nullptr;
  }

  // Whether the budget counts as used up because nobody knows what was.
  bool is_lost(int64_t uptime) const {
    return this->ledger_.lost != 0 && uptime + this->offset_ < DAY_MS;
  }

  // A person says that a node without a ledger is a new one.
  bool begin_budget(int64_t uptime) {
    if (!this->is_lost(uptime))
      return false;
    this->ledger_.lost = 0;
    for (Booking &one : this->ledger_.bookings) {
      if (one.channel == NO_CHANNEL)
        one = {};
    }
    return true;
  }

  // What is to be kept as of now.
  Ledger ledger(int64_t uptime) const {
    Ledger kept = this->ledger_;
    kept.lifetime = uptime + this->offset_;
    kept.checksum = checksum(kept);
    return kept;
  }

 protected:
  static bool counts(const Booking &one, int64_t now) { return one.ms != 0 && now < one.end + DAY_MS; }

  // FNV-1a over everything behind it.
  static uint32_t checksum(const Ledger &ledger) {
    unsigned char bytes[sizeof(Ledger)];
    std::memcpy(bytes, &ledger, sizeof(Ledger));
    uint32_t hash = 2166136261U;
    for (size_t at = sizeof(ledger.checksum); at < sizeof(Ledger); at++)
      hash = (hash ^ bytes[at]) * 16777619U;
    return hash;
  }

  uint32_t daily_ms_, pause_ms_;
  int64_t offset_{0};
  Ledger ledger_{};
  Booking *running_{nullptr};
};

// Contacts that keep every pump off while they are active, and for a while after that: water in a
// tank sloshes, and floors dry slowly.
class Interlock {
 public:
  explicit Interlock(uint32_t clear_ms) : clear_ms_(clear_ms) {}

  // `known`: whether it can be told at all; what cannot be is active.
  void heard(bool known, bool active, int64_t uptime) {
    if (!known || active) {
      this->until_ = uptime + this->clear_ms_;
      this->ever_ = true;
    }
  }
  bool holds(int64_t uptime) const { return this->ever_ && uptime < this->until_; }

 protected:
  uint32_t clear_ms_;
  int64_t until_{0};
  bool ever_{false};
};

}  // namespace esphome::plant_pump
