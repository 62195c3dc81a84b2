using System.Globalization;

using MLNetCnn.Data;

namespace MLNetCnn.Cli.Console;

/// <summary>Shows how a dataset is fetched, checked and read: a line as each step begins, and on a terminal how far it is.</summary>
internal sealed class DataDisplay(Screen screen) : IProgress<DataProgress>
{
    private string _stage = "";

    /// <inheritdoc/>
    public void Report(DataProgress value)
    {
        if (_stage != value.Stage)
        {
            _stage = value.Stage;
            screen.ClearMovingLine();
            screen.Line(value.Stage);
        }

        if (screen.IsTerminal && value.Total > 0)
        {
            System.Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r  {(double)value.Done / value.Total:0%}\e[K"));
            if (value.Done >= value.Total)
            {
                screen.ClearMovingLine();
            }
        }
    }
}
