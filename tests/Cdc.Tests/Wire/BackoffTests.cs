using PaimonSharp.Cdc.Wire;
using PaimonSharp.Data.Errors;
using PaimonSharp.Testing;

namespace PaimonSharp.Cdc.Tests.Wire;

public sealed class BackoffTests
{
    [Fact]
    public void Pauses_double_up_to_the_longest_and_start_again_after_a_success()
    {
        var policy = new RetryPolicy
        {
            InitialDelay = TimeSpan.FromSeconds(1),
            MaxDelay = TimeSpan.FromSeconds(5),
            Jitter = 0,
            MaxRetries = 4,
        };
        var backoff = new Backoff(policy, new ManualTime(), seed: 1);

        Assert.Equal([1, 2, 4, 5], Pauses(backoff));
        Assert.Equal(4, backoff.Retries);
        backoff.Reset();
        Assert.Equal([1, 2, 4, 5], Pauses(backoff));
    }

    [Fact]
    public void Random_part_only_shortens_and_repeats_with_its_seed()
    {
        var policy = new RetryPolicy { InitialDelay = TimeSpan.FromSeconds(1), Multiplier = 1, Jitter = 0.5, MaxRetries = 100 };

        var pauses = Pauses(new Backoff(policy, new ManualTime(), seed: 7)).ToList();

        Assert.All(pauses, p => Assert.InRange(p, 0.5, 1));
        Assert.True(pauses.Max() - pauses.Min() > 0.3);
        Assert.Equal(pauses, Pauses(new Backoff(policy, new ManualTime(), seed: 7)));
        Assert.NotEqual(pauses, Pauses(new Backoff(policy, new ManualTime(), seed: 8)));
    }

    [Fact]
    public async Task Wait_ends_when_the_clock_has_moved_on()
    {
        var time = new ManualTime();
        var backoff = new Backoff(new RetryPolicy { Jitter = 0, MaxRetries = 1 }, time, seed: 1);

        var wait = backoff.WaitAsync(TestContext.Current.CancellationToken).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(199));
        Assert.False(wait.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(await wait);
        Assert.False(await backoff.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Settings_that_cannot_work_are_refused() => Assert.Throws<PaimonException>(
        () => new Backoff(new RetryPolicy { Jitter = 2 }, new ManualTime(), seed: 1));

    private static IEnumerable<double> Pauses(Backoff backoff)
    {
        while (backoff.TryNext(out var delay))
        {
            yield return delay.TotalSeconds;
        }
    }
}
