#include "backlog.h"

#include "hal.h"

namespace plant {

namespace {

const uint16_t kPatience = 60;  // seconds

uint16_t seconds() { return static_cast<uint16_t>(hal::quarters() / 4); }

}  // namespace

void Backlog::begin() {
  number_ = 1;
  first_ = count_ = sent_ = 0;
}

void Backlog::forget_oldest() {
  first_ = static_cast<uint8_t>((first_ + 1) % kSets);
  --count_;
  ++number_;
  if (sent_) --sent_;
}

void Backlog::add(const ReadingSet &set) {
  if (count_ == kSets) forget_oldest();
  *at(count_) = set;
  ++count_;
}

void Backlog::confirm(uint32_t number) {
  while (count_ && number_ <= number) forget_oldest();
}

const ReadingSet *Backlog::unsent(uint32_t *number) {
  if (sent_ >= count_) return nullptr;
  *number = number_ + sent_;
  return at(sent_);
}

void Backlog::sent() {
  ++sent_;
  sent_at_ = seconds();
}

void Backlog::remind() {
  if (sent_ && static_cast<uint16_t>(seconds() - sent_at_) > kPatience) rewind();
}

void Backlog::drop(uint8_t channel) {
  for (uint8_t i = 0; i < count_; ++i) at(i)->channels &= static_cast<Mask>(~bit_of(channel));
}

}  // namespace plant
