/**
 * How fast a device is: its {@link dev.kiln.schedule.cost.Profile}, {@link
 * dev.kiln.schedule.cost.Measuring measured} once through the same interface that computations use,
 * and {@link dev.kiln.schedule.cost.Profiles kept} in the user's cache folder. It knows backends,
 * but neither graphs nor plans: {@link dev.kiln.schedule.cost.Work} is all that it hears of a step.
 */
@NullMarked
package dev.kiln.schedule.cost;

import org.jspecify.annotations.NullMarked;
