namespace PaimonSharp.Storage.Metadata;

/// <summary>Waits between attempts: twice as long each time up to a limit, with up to a fifth more at random.</summary>
internal sealed class RetryWaiter(StorageEnvironment environment, TimeSpan first, TimeSpan longest)
{
    private const double MaxJitter = 0.2;
    private const int MaxDoublings = 30;

    private readonly Random _random = new(Guid.Parse(environment.Ids.NextUuid()).GetHashCode());

    /// <summary>Waits after a failed attempt.</summary>
    /// <param name="attempt">0 for the first.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task WaitAsync(int attempt, CancellationToken cancellationToken)
    {
        var wait = Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, MaxDoublings)), longest.TotalMilliseconds);
#pragma warning disable CA5394 // jitter needs no secrecy
        wait *= 1 + (MaxJitter * _random.NextDouble());
#pragma warning restore CA5394
        return Task.Delay(TimeSpan.FromMilliseconds(wait), environment.TimeProvider, cancellationToken);
    }
}
