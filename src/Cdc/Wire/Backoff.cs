using System.Diagnostics.CodeAnalysis;

namespace PaimonSharp.Cdc.Wire;

/// <summary>
/// Counts the repeats of one connection under a <see cref="RetryPolicy"/> and gives the pauses between them: each longer
/// than the one before, less a random part. Not safe for several threads.
/// </summary>
public sealed class Backoff
{
    private readonly RetryPolicy _policy;
    private readonly TimeProvider _time;
    private readonly Random _random;

    /// <summary>Starts with no failure.</summary>
    /// <param name="policy">The pauses.</param>
    /// <param name="time">The clock that <see cref="WaitAsync"/> waits on.</param>
    /// <param name="seed">The seed of the random part.</param>
    public Backoff(RetryPolicy policy, TimeProvider time, int seed)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(time);
        policy.Validate();
        _policy = policy;
        _time = time;
        _random = new Random(seed);
    }

    /// <summary>The repeats since the last success.</summary>
    public int Retries { get; private set; }

    /// <summary>Counts a failure: the pause before the next try, or false when the policy allows no other.</summary>
    /// <param name="delay">The pause.</param>
    public bool TryNext(out TimeSpan delay)
    {
        if (Retries >= _policy.MaxRetries)
        {
            delay = default;
            return false;
        }

        var full = Math.Min(
            _policy.MaxDelay.TotalMilliseconds,
            _policy.InitialDelay.TotalMilliseconds * Math.Pow(_policy.Multiplier, Math.Min(Retries, 1000)));
        delay = TimeSpan.FromMilliseconds(full * (1 - (_policy.Jitter * NextRandom())));
        Retries++;
        return true;
    }

    /// <summary>Counts a failure and waits; false at once when the policy allows no other try.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (!TryNext(out var delay))
        {
            return false;
        }

        await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Forgets the failures: something worked.</summary>
    public void Reset() => Retries = 0;

    [SuppressMessage("Security", "CA5394", Justification = "Spreads repeats in time; nothing is kept secret by it.")]
    private double NextRandom() => _random.NextDouble();
}
