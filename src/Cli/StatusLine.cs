namespace PaimonSharp.Cli;

/// <summary>
/// Lines of progress on standard error: on a terminal one that renews itself, elsewhere one below the other. For one thread at a time.
/// </summary>
/// <param name="terminal">Where to write.</param>
internal sealed class StatusLine(Terminal terminal)
{
    // The characters of the line that may be renewed, 0 when there is none.
    private int _length;

    /// <summary>Shows how far something is.</summary>
    /// <param name="text">The line.</param>
    /// <param name="replace">True to renew the line before it, where the terminal can.</param>
    public void Show(string text, bool replace)
    {
        if (!terminal.IsInteractive)
        {
            terminal.Error.WriteLine(text);
            return;
        }

        if (replace)
        {
            terminal.Error.Write("\r" + text.PadRight(_length));
        }
        else
        {
            End();
            terminal.Error.Write(text);
        }

        _length = text.Length;
    }

    /// <summary>Shows a line that stays.</summary>
    /// <param name="text">The line.</param>
    public void Write(string text)
    {
        End();
        terminal.Error.WriteLine(text);
    }

    /// <summary>Lets the line that renews itself stay as it is.</summary>
    public void End()
    {
        if (_length > 0)
        {
            terminal.Error.WriteLine();
            _length = 0;
        }
    }
}
