using PaimonSharp.Data;

namespace PaimonSharp.Merge;

/// <summary>See <see cref="DeduplicateEngine"/>.</summary>
/// <param name="ignoreDelete">True to pass over retractions.</param>
internal sealed class DeduplicateMerge(bool ignoreDelete) : BoundMerge
{
    /// <inheritdoc/>
    protected override void MergeGroups(in MergeInput input)
    {
        var plan = input.Plan;
        var kinds = input.Kinds;
        var dropRetracts = input.DropRetracts;
        for (var group = 0; group < plan.GroupCount; group++)
        {
            var rows = plan[group];
            var version = rows.Length - 1;
            var row = rows[version];
            var kind = kinds[row.Source].Values[row.Row];
            if (ignoreDelete && kind.IsRetract() && !input.IsLone(group))
            {
                do
                {
                    if (--version < 0)
                    {
                        break;
                    }

                    row = rows[version];
                    kind = kinds[row.Source].Values[row.Row];
                }
                while (kind.IsRetract());
            }

            if (version >= 0 && !(dropRetracts && kind.IsRetract()))
            {
                Result.Append(group, row, kind);
            }
        }
    }
}
