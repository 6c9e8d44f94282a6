namespace PaimonSharp.Bench.Compaction;

/// <summary>An axis with about five ticks at round numbers, from the one at or below the least value to the one at or above the greatest.</summary>
internal readonly struct Axis
{
    private const int Steps = 5;

    private readonly double _step;
    private readonly long _first;
    private readonly long _last;

    /// <summary>An axis for values.</summary>
    /// <param name="min">The least.</param>
    /// <param name="max">The greatest.</param>
    public Axis(double min, double max)
    {
        var rough = Math.Max(max - min, 1e-9) / Steps;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        _step = new[] { 1, 2, 2.5, 5, 10 }.Select(factor => factor * power).First(step => step >= rough * 0.999);
        _first = (long)Math.Floor((min / _step) + 1e-6);
        _last = Math.Max(_first + 1, (long)Math.Ceiling((max / _step) - 1e-6));
    }

    /// <summary>Where a value is: 0 at the beginning to 1 at the end.</summary>
    /// <param name="value">The value.</param>
    public double ShareOf(double value) => ((value / _step) - _first) / (_last - _first);

    /// <summary>The values of the ticks, ascending.</summary>
    public IEnumerable<double> Ticks()
    {
        for (var tick = _first; tick <= _last; tick++)
        {
            yield return tick * _step;
        }
    }
}
