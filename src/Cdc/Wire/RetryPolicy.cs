using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire;

/// <summary>How often and how fast to try again after a transient error.</summary>
public sealed record RetryPolicy
{
    /// <summary>The pause before the first repeat.</summary>
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What each pause is to the one before it.</summary>
    public double Multiplier { get; init; } = 2;

    /// <summary>The part of a pause, 0 to 1, that is taken off at random, so that many clients do not come at once.</summary>
    public double Jitter { get; init; } = 0.5;

    /// <summary>The number of repeats without a success between them, null for no limit.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>Refuses settings that cannot work.</summary>
    /// <exception cref="PaimonException">Kind <see cref="ErrorKind.Invalid"/>.</exception>
    public void Validate()
    {
        if (InitialDelay <= TimeSpan.Zero || MaxDelay < InitialDelay || !(Multiplier >= 1) || Jitter is not (>= 0 and <= 1)
            || MaxRetries < 0)
        {
            PaimonException.ThrowInvalid(
                "A retry policy needs 0 < first pause <= longest pause, a multiplier of 1 or more, a jitter between 0 and 1 "
                + "and no negative number of repeats.");
        }
    }
}
