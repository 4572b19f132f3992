using System.Numerics;

namespace Augur.Caching.Forecasting;

/// <summary>A small matrix A = Q T Qᴴ with T triangular (Schur's form, by shifted QR steps): functions of it are those of its eigenvalues.</summary>
internal sealed class TriangularForm
{
    private const int StepsPerEigenvalue = 60; // two or three are usual
    private const double Rounding = 1e-15;

    private readonly int _count;
    private readonly Complex[,] _t;
    private readonly Complex[,] _q;

    private TriangularForm(Complex[,] t, Complex[,] q) => (_count, _t, _q) = (t.GetLength(0), t, q);

    /// <summary>Of a square matrix, which is overwritten; null: the steps came to no end.</summary>
    public static TriangularForm? Of(Complex[,] matrix)
    {
        var count = matrix.GetLength(0);
        var q = new Complex[count, count];
        for (var i = 0; i < count; i++)
        {
            q[i, i] = 1;
        }

        var form = new TriangularForm(matrix, q);
        form.ToHessenberg();
        return form.ToTriangle() ? form : null;
    }

    /// <summary>f(A) · x.</summary>
    public Complex[] Apply(Func<Complex, Complex> f, Complex[] x)
    {
        var vectors = Eigenvectors();
        var z = new Complex[_count]; // V⁻¹ Qᴴ x
        for (var i = _count - 1; i >= 0; i--)
        {
            for (var k = 0; k < _count; k++)
            {
                z[i] += Complex.Conjugate(_q[k, i]) * x[k];
            }

            for (var j = i + 1; j < _count; j++)
            {
                z[i] -= vectors[i, j] * z[j];
            }
        }

        var scaled = z.Select((value, i) => value * f(_t[i, i])).ToArray();
        var y = new Complex[_count];
        for (var i = 0; i < _count; i++)
        {
            var along = Complex.Zero;
            for (var j = i; j < _count; j++)
            {
                along += vectors[i, j] * scaled[j];
            }

            for (var k = 0; k < _count; k++)
            {
                y[k] += _q[k, i] * along;
            }
        }

        return y;
    }

    // Of T, in the columns of an upper triangle with ones on its diagonal; equal eigenvalues are moved apart by a rounding.
    private Complex[,] Eigenvectors()
    {
        var largest = _t.Cast<Complex>().Select(Complex.Abs).DefaultIfEmpty(0).Max();
        var vectors = new Complex[_count, _count];
        for (var j = 0; j < _count; j++)
        {
            vectors[j, j] = 1;
            for (var i = j - 1; i >= 0; i--)
            {
                var sum = Complex.Zero;
                for (var k = i + 1; k <= j; k++)
                {
                    sum += _t[i, k] * vectors[k, j];
                }

                var apart = _t[j, j] - _t[i, i];
                vectors[i, j] = sum / (Complex.Abs(apart) < Rounding * largest ? Rounding * largest : apart);
            }
        }

        return vectors;
    }

    private void ToHessenberg()
    {
        for (var column = 0; column < _count - 2; column++)
        {
            for (var row = column + 2; row < _count; row++)
            {
                Turn(column + 1, row, Rotation(_t[column + 1, column], _t[row, column]));
                _t[row, column] = 0;
            }
        }
    }

    private bool ToTriangle()
    {
        var last = _count - 1;
        for (var step = 0; last > 0 && step < StepsPerEigenvalue * _count; step++)
        {
            if (Complex.Abs(_t[last, last - 1]) <= Rounding * (Complex.Abs(_t[last, last]) + Complex.Abs(_t[last - 1, last - 1])))
            {
                _t[last, last - 1] = 0;
                last--;
                continue;
            }

            Step(last, step % 11 == 10 ? _t[last, last] + Complex.Abs(_t[last, last - 1]) : Shift(last)); // a cycle is broken by another shift
        }

        return last <= 0;
    }

    // A QR step on the leading part, up to the last row that is not done.
    private void Step(int last, Complex shift)
    {
        AddToDiagonal(last, -shift);
        var rotations = new (double Cosine, Complex Sine)[last];
        for (var k = 0; k < last; k++)
        {
            rotations[k] = Rotation(_t[k, k], _t[k + 1, k]);
            TurnRows(k, k + 1, rotations[k]);
        }

        for (var k = 0; k < last; k++)
        {
            TurnColumns(k, k + 1, rotations[k]);
        }

        AddToDiagonal(last, shift);
    }

    private void AddToDiagonal(int last, Complex shift)
    {
        for (var i = 0; i <= last; i++)
        {
            _t[i, i] += shift;
        }
    }

    // Wilkinson: the eigenvalue of the last two rows and columns that is nearer to the last element.
    private Complex Shift(int last)
    {
        var (a, b, c, d) = (_t[last - 1, last - 1], _t[last - 1, last], _t[last, last - 1], _t[last, last]);
        var half = (a - d) / 2;
        var root = Complex.Sqrt((half * half) + (b * c));
        var (one, other) = (d + half + root, d + half - root);
        return Complex.Abs(one - d) < Complex.Abs(other - d) ? one : other;
    }

    // The rotation that turns (x, y) to (r, 0).
    private static (double Cosine, Complex Sine) Rotation(Complex x, Complex y)
    {
        var length = Math.Sqrt(Math.Pow(Complex.Abs(x), 2) + Math.Pow(Complex.Abs(y), 2));
        if (length == 0 || y == Complex.Zero)
        {
            return (1, 0);
        }

        var phase = x == Complex.Zero ? Complex.One : x / Complex.Abs(x);
        return (Complex.Abs(x) / length, phase * Complex.Conjugate(y) / length);
    }

    private void Turn(int i, int j, (double Cosine, Complex Sine) rotation)
    {
        TurnRows(i, j, rotation);
        TurnColumns(i, j, rotation);
    }

    private void TurnRows(int i, int j, (double Cosine, Complex Sine) rotation)
    {
        var (cosine, sine) = rotation;
        for (var k = 0; k < _count; k++)
        {
            (_t[i, k], _t[j, k]) = ((cosine * _t[i, k]) + (sine * _t[j, k]), (cosine * _t[j, k]) - (Complex.Conjugate(sine) * _t[i, k]));
        }
    }

    private void TurnColumns(int i, int j, (double Cosine, Complex Sine) rotation)
    {
        var (cosine, sine) = rotation;
        foreach (var matrix in new[] { _t, _q })
        {
            for (var k = 0; k < _count; k++)
            {
                (matrix[k, i], matrix[k, j]) = ((cosine * matrix[k, i]) + (Complex.Conjugate(sine) * matrix[k, j]),
                    (cosine * matrix[k, j]) - (sine * matrix[k, i]));
            }
        }
    }
}
