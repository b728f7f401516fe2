#pragma once

#include "scenario.h"

/* Both end with {0}. */
extern const struct scenario_operation investigate_operations[];
extern const struct scenario_expectation investigate_expectations[];
