using MLNetCnn.Cli.Console;
using MLNetCnn.Data;

namespace MLNetCnn.Cli.Commands;

/// <summary>Loads a dataset for a verb, and says what was left out of it.</summary>
internal static class Datasets
{
    /// <summary>Finds out whether there is such a dataset before anything is written.</summary>
    /// <exception cref="ConfigurationException">There is none of the name.</exception>
    public static void Require(string name) => new ManifestCatalog().Find(name);

    public static ImageDataset Load(
        string name, string[] mirrors, Screen screen, Func<DatasetLoadOptions, DatasetLoadOptions> adjust, CancellationToken cancellation)
    {
        var options = adjust(new DatasetLoadOptions { Mirrors = mirrors });
        var dataset = DatasetLoader.Load(name, options, new DataDisplay(screen), cancellation);
        foreach (var problem in dataset.Problems)
        {
            screen.Line(problem);
        }

        return dataset;
    }
}
