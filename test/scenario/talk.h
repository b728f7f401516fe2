/* The words of updates: see README.md. */
#pragma once

#include "scenario.h"

/* End with {0}. */
extern const struct scenario_operation talk_operations[];
extern const struct scenario_expectation talk_expectations[];
