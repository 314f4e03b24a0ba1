// What the sketch calls.
#pragma once

namespace plant {

void begin();
void poll();

}  // namespace plant
