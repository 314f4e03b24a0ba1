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
  void write_id() const;
  // Different at each boot: the number of boots, mixed with the id. Each number gives another word.
  uint32_t boot() const { return boot_; }

 private:
  void load_id(bool fresh);

  uint32_t id_[2];
  uint32_t boot_;
  Counter boots_;
};

}  // namespace plant
