/**
 * Up to so many samples a frame that is not compressed is read and rendered on the spot: a matter of a millisecond or two,
 * less than to bring it into a thread and back.
 */
export const ON_THE_SPOT = 512 * 1024;
