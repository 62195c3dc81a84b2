using MLNetCnn.Data;

namespace MLNetCnn.Cli.Console;

/// <summary>Shows how a dataset is fetched, read and cached.</summary>
internal sealed class DataDisplay(Screen screen) : IProgress<DataProgress>
{
    private string _stage = "";

    /// <inheritdoc/>
    public void Report(DataProgress value)
    {
        if (value.Stage != _stage)
        {
            _stage = value.Stage;
            screen.Line(value.Stage);
        }
    }
}
