#include "filter.h"

#include "place.h"

namespace plant {

Value value_of(Kind kind, int32_t number) {
  const KindRow row = row_of(kind);
  if (number < row.minimum || number > row.maximum || number > kLargest) return kRange;
  return static_cast<Value>(number + kShift);
}

void Filter::begin(Kind kind, uint16_t *room, uint8_t median) {
  kind_ = kind;
  room_ = room;
  median_ = median;
  forget();
}

void Filter::forget() {
  fill_ = next_ = faults_ = 0;
  told_ = kNoValue;
  due_ = true;
}

bool Filter::add(Value value, uint32_t now_ms) {
  if (!is_number(value)) {
    if (faults_ < kFaults) ++faults_;
    if (faults_ < kFaults && is_number(told_)) return false;
    fill_ = next_ = 0;
    return tell(value, now_ms, value != told_);
  }
  faults_ = 0;
  room_[next_] = value;
  if (++next_ == median_) next_ = 0;
  if (fill_ < median_) ++fill_;
  const Value now = middle();
  return tell(now, now_ms, moved(now));
}

// By counting: a window is small, and sorting it would need a second one.
Value Filter::middle() const {
  uint16_t low = 0, high = 0xFFFF;
  const uint8_t below_low = static_cast<uint8_t>((fill_ - 1) / 2);
  const uint8_t below_high = static_cast<uint8_t>(fill_ / 2);
  for (uint8_t i = 0; i < fill_; ++i) {
    uint8_t less = 0, equal = 0;
    for (uint8_t k = 0; k < fill_; ++k) {
      if (room_[k] < room_[i]) ++less;
      if (room_[k] == room_[i]) ++equal;
    }
    if (less <= below_low && below_low < less + equal) low = room_[i];
    if (less <= below_high && below_high < less + equal) high = room_[i];
  }
  return static_cast<Value>((static_cast<uint32_t>(low) + high + 1) / 2);
}

bool Filter::moved(Value middle) const {
  if (!is_number(told_)) return true;
  if (middle == told_) return false;
  uint32_t change = middle > told_ ? static_cast<uint32_t>(middle - told_)
                                   : static_cast<uint32_t>(told_ - middle);
  // Light is seen in proportion: a fixed band is too fine in the sun.
  if (kind_ == Kind::kIlluminance &&
      change * 100 < static_cast<uint32_t>(number_of(told_)) * kLightBand) {
    return false;
  }
  static_assert(kKinds == 14, "decimals are 0 to 2");
  const uint8_t decimals = row_of(kind_).decimals;
  change *= decimals == 0 ? 1000 : decimals == 1 ? 100 : 10;
  return change >= band_;
}

bool Filter::tell(Value value, uint32_t now_ms, bool news) {
  if (!news && !due_ && now_ms - told_at_ < heartbeat_ * 1000) return false;
  due_ = false;
  told_ = value;
  told_at_ = now_ms;
  return true;
}

}  // namespace plant
