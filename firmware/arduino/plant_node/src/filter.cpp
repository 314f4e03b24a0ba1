#include "filter.h"

#include "hal.h"
#include "place.h"

namespace plant {

namespace {

uint16_t step_now() { return static_cast<uint16_t>(hal::quarters() >> 3); }

}  // namespace

Value value_of(Kind kind, int32_t number) {
  const KindRow *const row = row_of(kind);
  const int32_t value = number + kShift;
  if (value < pgm_read_word(&row->lowest) || value > pgm_read_word(&row->highest)) return kRange;
  return static_cast<Value>(value);
}

void Filter::begin(Kind kind, uint16_t *room, uint8_t median, uint32_t band, uint32_t heartbeat) {
  const uint16_t unit = pgm_read_word(&row_of(kind)->unit);  // thousandths that one step of what is told has
  band = (band + unit - 1) / unit;
  band_ = band > 0xFFFF ? 0xFFFF : static_cast<uint16_t>(band);
  heartbeat_ = static_cast<uint16_t>((heartbeat + 1) / 2);
  light_ = kind == Kind::kIlluminance;
  room_ = room;
  median_ = median;
  forget();
}

void Filter::forget() {
  fill_ = next_ = faults_ = 0;
  told_ = kNoValue;
  due_ = true;
}

bool Filter::add(Value value) {
  if (!is_number(value)) {
    if (faults_ < kFaults) ++faults_;
    if (faults_ < kFaults && is_number(told_)) return false;
    fill_ = next_ = 0;
    return tell(value, value != told_);
  }
  faults_ = 0;
  room_[next_] = value;
  if (++next_ == median_) next_ = 0;
  if (fill_ < median_) ++fill_;
  const Value now = middle();
  return tell(now, moved(now));
}

// By counting: a window is small, and sorting it would need a second one.
Value Filter::middle() const {
  uint32_t sum = 0;
  // The two places in the middle, the same one twice where their number is odd.
  for (uint8_t place = static_cast<uint8_t>((fill_ - 1) / 2);; place = fill_ / 2) {
    for (uint8_t i = 0; i < fill_; ++i) {
      uint8_t less = 0, equal = 0;
      for (uint8_t k = 0; k < fill_; ++k) {
        if (room_[k] < room_[i]) ++less;
        if (room_[k] == room_[i]) ++equal;
      }
      if (less > place || place >= less + equal) continue;
      sum += room_[i];
      break;
    }
    if (place == fill_ / 2) break;
  }
  return static_cast<Value>(fill_ % 2 ? sum : (sum + 1) / 2);
}

bool Filter::moved(Value middle) const {
  if (!is_number(told_)) return true;
  if (middle == told_) return false;
  const uint16_t change = middle > told_ ? static_cast<uint16_t>(middle - told_)
                                         : static_cast<uint16_t>(told_ - middle);
  if (change < band_) return false;
  // Light is seen in proportion: a fixed band is too fine in the sun.
  return !light_ || change >= (told_ - kShift) / (100 / kLightBand);
}

bool Filter::tell(Value value, bool news) {
  const uint16_t now = step_now();
  if (!news && !due_ && static_cast<uint16_t>(now - told_at_) < heartbeat_) return false;
  due_ = false;
  told_ = value;
  told_at_ = now;
  return true;
}

}  // namespace plant
