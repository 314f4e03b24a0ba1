#include "life.h"

#include "hal.h"
#include "store.h"

namespace plant {

namespace {

const uint32_t kTick = 2400;  // ten minutes: the most that a reset can take from the clock

}  // namespace

void Life::begin(bool fresh) {
  if (!ticks_.load(store::kLife, store::kLifeSlots) || fresh) ticks_.start(store::kLifeSlots);
  base_ = ticks_.value() * kTick - hal::quarters();
}

void Life::at_least(uint32_t quarters) {
  if (now() >= quarters) return;
  base_ = quarters - hal::quarters();
  // Only a ring that was lost lags by more than the tick that save() will make up for.
  if (quarters / kTick > ticks_.value() + 1) ticks_.start(quarters / kTick);
}

uint32_t Life::now() const { return base_ + hal::quarters(); }

void Life::save() {
  if (now() / kTick > ticks_.value()) ticks_.advance();
}

}  // namespace plant
