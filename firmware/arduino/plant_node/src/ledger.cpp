#include "ledger.h"

#include "store.h"

namespace plant {

namespace {

const uint8_t kSlotsOfRing = store::kBookingSlots;
const uint8_t kMask = kSlotsOfRing - 1;
const uint8_t kLostSlots = (kPumpBudgetMs + kPumpMsMax - 1) / kPumpMsMax;
static_assert(kSlotsOfRing >= 2 * kLostSlots && 256 % kSlotsOfRing == 0, "the ring's size");
static_assert((kSlotsOfRing & kMask) == 0, "a power of two");

uint32_t to_ms(uint32_t quarters) { return quarters * 250; }

}  // namespace

uint16_t Ledger::address(uint8_t slot) {
  return static_cast<uint16_t>(store::kBookings + store::kBookingSize * (slot & kMask));
}

bool Ledger::read(uint8_t slot, Booking *booking) {
  static_assert(sizeof(Booking) + 2 == store::kBookingSize, "a booking and its checksum");
  return store::read_record(address(slot), booking, sizeof *booking) &&
         ((booking->number ^ slot) & kMask) == 0;
}

bool Ledger::write(uint8_t slot, const Booking &booking) {
  const uint16_t at = address(slot);
  const uint8_t broken = static_cast<uint8_t>((slot + 1) & kMask);  // no slot's own number
  const uint16_t crc = store::checksum(&booking, sizeof booking);
  const uint8_t *const bytes = reinterpret_cast<const uint8_t *>(&booking);
  bool good = store::write(at, &broken, 1);
  good = store::write(static_cast<uint16_t>(at + 1), bytes + 1, sizeof booking - 1) && good;
  good = store::write(static_cast<uint16_t>(at + sizeof booking), &crc, sizeof crc) && good;
  return good && store::write(at, bytes, 1);
}

// Rounded up on both sides: `at` may be nearly a quarter of a second earlier than the start. A pump
// waits for this, hence 256 instead of 250; what that takes away, 3 quarters at most, is added.
uint32_t Ledger::end(const Booking &booking) { return booking.at + (booking.ms >> 8) + 2 + 3; }
static_assert(kPumpMsMax / 250 <= (kPumpMsMax >> 8) + 3, "what is added");

// Quarters until this booking counts no more.
uint32_t Ledger::left(const Booking &booking) const {
  if (!booking.ms) return 0;
  const uint32_t over = end(booking) + kQuartersPerDay;
  const uint32_t now = life_->now();
  return over > now ? over - now : 0;
}

// The good booking that all others are older than. All numbers of a ring lie within its size.
bool Ledger::find_newest() {
  Booking booking, other;
  for (uint8_t slot = 0; slot < kSlotsOfRing; ++slot) {
    if (!read(slot, &booking)) continue;
    bool newest = true;
    for (uint8_t i = 0; i < kSlotsOfRing && newest; ++i) {
      newest = !read(i, &other) ||
               static_cast<uint8_t>(booking.number - other.number) < kSlotsOfRing;
    }
    if (newest) {
      newest_ = slot;
      number_ = booking.number;
      return true;
    }
  }
  return false;
}

void Ledger::begin_anew(bool lost) {
  for (uint8_t slot = 0; slot < kSlotsOfRing; ++slot) {
    const bool full = lost && slot >= kSlotsOfRing - kLostSlots;
    write(slot, {slot, kNoChannel, full ? kPumpMsMax : uint16_t(0), full ? life_->now() : 0});
  }
  newest_ = number_ = kMask;
}

uint8_t Ledger::begin(Life *life, bool fresh) {
  life_ = life;
  if (fresh) {
    begin_anew(false);
    return 0;
  }
  Booking booking;
  for (uint8_t slot = 0; slot < kSlotsOfRing; ++slot) {
    if (read(slot, &booking)) life_->at_least(booking.at);
  }
  if (!find_newest()) {
    begin_anew(true);
    return kSlotsOfRing;
  }
  uint8_t lost = 0;
  // Broken ones next to the newest become the newest themselves: the ring goes on behind them.
  while (!read(static_cast<uint8_t>((newest_ + 1) & kMask), &booking) && lost < kSlotsOfRing) {
    ++lost;
    if (!book(kNoChannel, kPumpMsMax)) break;
  }
  for (uint8_t back = 0; back < kSlotsOfRing; ++back) {
    const uint8_t slot = static_cast<uint8_t>((newest_ - back) & kMask);
    if (read(slot, &booking)) continue;
    ++lost;
    write(slot, {static_cast<uint8_t>(number_ - back), kNoChannel, kPumpMsMax, life_->now()});
  }
  return lost;
}

Ledger::Wait Ledger::wait(uint8_t channel, uint16_t ms) const {
  Booking booking;
  Wait wait = {0, 0};
  uint32_t sum = ms;
  const uint32_t now = life_->now();
  // From the oldest on, and all of them once: a pump waits for this.
  const uint8_t oldest = static_cast<uint8_t>(newest_ + 1);
  for (uint8_t i = 0; i < kSlotsOfRing; ++i) {
    const bool good = read(static_cast<uint8_t>(oldest + i), &booking);
    const uint32_t until = good ? left(booking) : kQuartersPerDay;
    if (until) sum += good ? booking.ms : kPumpMsMax;
    // The slot that would be overwritten must not count any more: so many waterings a day at most.
    if (i == 0) wait.budget = until;
    // A booking that was lost soaks all channels.
    if (!good || (booking.channel != channel && booking.channel != kNoChannel)) continue;
    const uint32_t over = end(booking) + kSoakMs / 250;
    if (over > now && over - now > wait.soak) wait.soak = over - now;
  }
  for (uint8_t i = 0; i < kSlotsOfRing && sum > kPumpBudgetMs; ++i) {
    const bool good = read(static_cast<uint8_t>(oldest + i), &booking);
    const uint32_t until = good ? left(booking) : kQuartersPerDay;
    if (!until) continue;
    sum -= good ? booking.ms : kPumpMsMax;
    if (until > wait.budget) wait.budget = until;
  }
  return {to_ms(wait.soak), to_ms(wait.budget)};
}

bool Ledger::book(uint8_t channel, uint16_t ms) {
  const uint8_t slot = static_cast<uint8_t>((newest_ + 1) & kMask);
  const uint8_t number = static_cast<uint8_t>(number_ + 1);
  if (!write(slot, {number, channel, ms, life_->now()})) return false;
  newest_ = slot;
  number_ = number;
  return true;
}

void Ledger::settle(uint16_t ran_ms) {
  Booking booking;
  if (!read(newest_, &booking) || ran_ms >= booking.ms) return;
  booking.ms = ran_ms;
  write(newest_, booking);
}

}  // namespace plant
