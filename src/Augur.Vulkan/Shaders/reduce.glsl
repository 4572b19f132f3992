// Sum over a workgroup of THREADS (a power of two) in one fixed tree, whatever the subgroup size: the same bits on every run and batch.
shared float partialSums[THREADS];

float sumOverWorkgroup(float mine) {
    uint t = gl_LocalInvocationIndex;
    partialSums[t] = mine;
    barrier();
    for (uint half_ = THREADS / 2; half_ > 0; half_ >>= 1) {
        if (t < half_) { partialSums[t] += partialSums[t + half_]; }
        barrier();
    }
    float total = partialSums[0];
    barrier();                                         // partialSums may be written again by the next call
    return total;
}
