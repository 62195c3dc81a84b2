using MLNetCnn.Cli.Console;
using MLNetCnn.Data;

namespace MLNetCnn.Cli.Commands;

/// <summary>Loads a dataset for a verb, and says what was left out of it.</summary>
internal static class Datasets
{
    public static ImageDataset Load(string name, string[] mirrors, Screen screen, Func<DatasetLoadOptions, DatasetLoadOptions> adjust)
    {
        var options = adjust(new DatasetLoadOptions { Mirrors = mirrors });
        var dataset = DatasetLoader.Load(name, options, new DataDisplay(screen));
        foreach (var problem in dataset.Problems)
        {
            screen.Line(problem);
        }

        return dataset;
    }
}
