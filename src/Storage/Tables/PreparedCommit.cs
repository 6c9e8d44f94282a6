using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>Durable files that are not visible yet: the work of a writer between its two commit steps. Immutable.</summary>
public sealed class PreparedCommit
{
    internal PreparedCommit(IReadOnlyList<CommitMessage> messages, long number = 0)
    {
        Messages = messages;
        Number = number;
    }

    /// <summary>True when no row was written.</summary>
    public bool IsEmpty => Messages.All(message => message.IsEmpty);

    internal IReadOnlyList<CommitMessage> Messages { get; }

    /// <summary>The number of the commit among those of its writer, from 1 on.</summary>
    internal long Number { get; }
}
