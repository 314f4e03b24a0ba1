// Made by `python -m scripts.generate_tables`: change the Python it is made from, never this file.
#include "tables.h"

namespace plant {

const KindRow kKindRows[kKinds] PROGMEM = {
    {"m", 1, 15, 100, 1000, 1800, 1000, 2000},
    {"t", 1, 5, 100, 200, 1800, 600, 1850},
    {"h", 1, 5, 100, 1000, 1800, 1000, 2000},
    {"lx", 0, 5, 1000, 20000, 1800, 1000, 65000},
    {"tank", 0, 1, 1000, 0, 1800, 1000, 1001},
    {"leak", 0, 1, 1000, 0, 1800, 1000, 1001},
    {"pump", 0, 1, 1000, 0, 0, 1000, 1000},
    {"light", 0, 1, 1000, 0, 0, 1000, 1000},
};

}  // namespace plant
