namespace PaimonSharp.Merge.Sketches;

/// <summary>
/// How many different values gave a number of coupons: the estimate that a HyperLogLog sketch begins with when it leaves
/// coupons for registers. DataSketches interpolates it from a table by cubic curves; the same sums in the same order, since the
/// sketch's bytes show the result.
/// </summary>
internal static class CouponEstimate
{
    // As many points as the coupons of the largest sketch (2^18 * 3/4) need.
    private static readonly double[] Coupons = [0, 1, 20, 400, 8000, 160000, 300000, 600000];

    private static readonly double[] Estimates =
    [
        0, 1, 20.0000009437402611, 400.0003963713384110,
        8000.1589294602090376, 160063.6067763759638183, 300223.7071597662453849, 600895.5933856170158833,
    ];

    /// <summary>The estimate.</summary>
    /// <param name="coupons">Different coupons, 0 to 599,999.</param>
    public static double Of(int coupons)
    {
        var below = Coupons.Length - 2;
        while (Coupons[below] > coupons)
        {
            below--;
        }

        var first = Math.Clamp(below - 1, 0, Coupons.Length - 4);
        return Math.Max(Interpolate(Coupons.AsSpan(first, 4), Estimates.AsSpan(first, 4), coupons), coupons);
    }

    private static double Interpolate(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, double x)
    {
        var sum = 0.0;
        for (var i = 0; i < 4; i++)
        {
            var (numerator, denominator) = (1.0, 1.0);
            for (var j = 0; j < 4; j++)
            {
                if (j != i)
                {
                    numerator *= x - xs[j];
                    denominator *= xs[i] - xs[j];
                }
            }

            sum += ys[i] * numerator / denominator;
        }

        return sum;
    }
}
