// Numbers as the sum of two singles: about 48 bits, on devices without double precision too. `precise`, in these three functions alone (the
// compiler's memory explodes where it has to be traced through others), forbids to see that a rounding error is zero in exact arithmetic.
struct Twofold { float h, l; };

float add_(float a, float b) { precise float r = a + b; return r; }
float sub_(float a, float b) { precise float r = a - b; return r; }
float mul_(float a, float b) { precise float r = a * b; return r; }

// Not fma(a, b, −ab) for the rounding error of a product: a driver may compute fma as a product and a sum, and then the error comes out as 0.
float upper(float a) { float c = mul_(4097.0, a); return sub_(c, sub_(c, a)); }

Twofold times(float a, float b) {
    float ah = upper(a), al = sub_(a, ah), bh = upper(b), bl = sub_(b, bh), h = mul_(a, b);
    return Twofold(h, add_(add_(add_(sub_(mul_(ah, bh), h), mul_(ah, bl)), mul_(al, bh)), mul_(al, bl)));
}

Twofold sum2(float a, float b) {
    float s = add_(a, b), bb = sub_(s, a);
    return Twofold(s, add_(sub_(a, sub_(s, bb)), sub_(b, bb)));
}

Twofold quickSum(float a, float b) {                   // |a| ≥ |b|
    float s = add_(a, b);
    return Twofold(s, sub_(b, sub_(s, a)));
}

Twofold plus(Twofold a, Twofold b) {
    Twofold s = sum2(a.h, b.h), t = sum2(a.l, b.l);
    s = quickSum(s.h, add_(s.l, t.h));
    return quickSum(s.h, add_(s.l, t.l));
}

Twofold minus(Twofold a, Twofold b) { return plus(a, Twofold(-b.h, -b.l)); }

Twofold times(Twofold a, Twofold b) {
    Twofold r = times(a.h, b.h);
    return quickSum(r.h, add_(r.l, add_(mul_(a.h, b.l), mul_(a.l, b.h))));
}

Twofold over(Twofold a, Twofold b) {
    float q1 = a.h / b.h;
    Twofold r = minus(a, times(b, Twofold(q1, 0.0)));
    float q2 = r.h / b.h;
    r = minus(r, times(b, Twofold(q2, 0.0)));
    return plus(quickSum(q1, q2), Twofold(r.h / b.h, 0.0));
}

Twofold magnitude(Twofold a) { return a.h < 0.0 ? Twofold(-a.h, -a.l) : a; }
