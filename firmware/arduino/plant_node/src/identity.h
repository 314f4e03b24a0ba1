// Who this board is, and which of its boots this is.
#pragma once
#include <stdint.h>

#include "counter.h"
#include "line_writer.h"

namespace plant {

class Identity {
 public:
  // Once at boot. A board makes its id once in its life, out of noise; it is kept twice.
  void begin(bool fresh);

  // `"AV…"`, with the quotation marks.
  static void write_id();
  // Different at each boot: the number of boots, mixed with the id. Each number gives another word.
  uint32_t boot() const { return boot_; }

 private:
  static bool read_id(uint32_t *id);

  uint32_t boot_;
  Counter boots_;
};

}  // namespace plant
