using PaimonSharp.Data.Errors;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tables;

/// <summary>
/// The branches of a table: second lines of schemas and snapshots that are written without the table seeing it
/// (docs/format.md#branch). A branch is opened as a table with the option <c>branch</c>. Safe for several threads.
/// </summary>
public sealed class TableBranches
{
    private readonly BranchManager _branches;

    internal TableBranches(FileStore store) => _branches = new BranchManager(store);

    /// <summary>The names of the branches, sorted; the table itself is none of them.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public ValueTask<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken = default) =>
        _branches.ListAsync(cancellationToken);

    /// <summary>Makes a branch.</summary>
    /// <param name="name">Its name: not blank, not <c>main</c>, not a number.</param>
    /// <param name="fromTag">The tag whose state and schema it begins with; by default it has the newest schema and no rows.</param>
    /// <param name="cancellationToken">Gives up waiting; a part of the branch may then be there, to be deleted.</param>
    /// <exception cref="PaimonException">Invalid: the name is none or taken, or there is no such tag.</exception>
    public ValueTask CreateAsync(string name, string? fromTag = null, CancellationToken cancellationToken = default) =>
        fromTag is null
            ? _branches.CreateAsync(name, cancellationToken)
            : _branches.CreateFromTagAsync(name, fromTag, cancellationToken);

    /// <summary>Removes a branch. Data files that only it used are left for the orphan clean.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaimonException">Invalid: there is no such branch.</exception>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default) =>
        _branches.DeleteAsync(name, cancellationToken);

    /// <summary>
    /// Makes the table what a branch is: its snapshots, schemas and tags from the branch's oldest snapshot on are replaced by
    /// the branch's. The branch stays. Nobody may write to the table meanwhile; open it again afterwards.
    /// </summary>
    /// <param name="name">The branch's name.</param>
    /// <param name="cancellationToken">Gives up waiting; the table then shows an earlier state, and it can be repeated.</param>
    /// <exception cref="PaimonException">Invalid: there is no such branch, or it has no snapshot.</exception>
    public ValueTask FastForwardAsync(string name, CancellationToken cancellationToken = default) =>
        _branches.FastForwardAsync(name, cancellationToken);
}
