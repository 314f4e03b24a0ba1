#include "backlog.h"

namespace plant {

namespace {

const uint32_t kPatienceMs = 60000;

}  // namespace

void Backlog::forget_oldest() {
  first_ = static_cast<uint8_t>((first_ + 1) % (kSets + 1));
  --count_;
  ++number_;
  if (sent_) --sent_;
}

void Backlog::add() {
  ++count_;
  if (count_ > kSets) forget_oldest();
}

void Backlog::confirm(uint32_t number) {
  while (count_ && number_ <= number) forget_oldest();
}

const ReadingSet *Backlog::unsent(uint32_t *number) const {
  if (sent_ >= count_) return nullptr;
  *number = number_ + sent_;
  return &sets_[(first_ + sent_) % (kSets + 1)];
}

void Backlog::sent(uint32_t now_ms) {
  ++sent_;
  sent_at_ = now_ms;
}

void Backlog::remind(uint32_t now_ms) {
  if (sent_ && now_ms - sent_at_ > kPatienceMs) rewind();
}

void Backlog::drop(uint8_t channel) {
  for (uint8_t i = 0; i < count_; ++i) {
    sets_[(first_ + i) % (kSets + 1)].channels &= static_cast<uint16_t>(~(1u << channel));
  }
}

}  // namespace plant
