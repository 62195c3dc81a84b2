using System.Text.Json.Nodes;

using MLNetCnn.Export;
using MLNetCnn.Inference;
using MLNetCnn.Training;

namespace MLNetCnn.Runs;

/// <summary>Writes a trained network as a model .zip.</summary>
internal static class ModelZip
{
    /// <summary>Exports <paramref name="trained"/> to <paramref name="path"/>: whole or not at all.</summary>
    public static void Save(TrainedNetwork trained, RunRecord record, string path, JsonArray? pipeline = null)
    {
        using var scope = NewDisposeScope();
        using var weights = new MemoryStream();
        Safetensors.Write(weights, trained.Network.state_dict());
        var metadata = new ModelMetadata
        {
            Labels = trained.Labels,
            Architecture = new ModelArchitecture(trained.Options.Arch, trained.Options.ArchSettings?.ToJson() ?? []),
            Preprocessing = trained.Preprocessing,
            Metrics = Metrics(record),
            Pipeline = pipeline ?? [],
            Provenance = new ModelProvenance
            {
                CreatedAt = record.Provenance.StartedAt,
                Seed = record.Seed,
                Dataset = record.Dataset.Name,
                DatasetFingerprint = record.Dataset.Fingerprint,
                Commit = record.Provenance.Commit,
                Command = record.Provenance.Command,
                Libraries = record.Provenance.Libraries,
            },
        };
        var onnx = OnnxExporter.Export(trained.Network, trained.Preprocessing, trained.Labels);
        new ModelPackage(metadata, onnx, weights.ToArray()).Save(path);
    }

    private static SortedDictionary<string, double> Metrics(RunRecord record)
    {
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (part, summary) in new[] { ("train", record.Train), ("validation", record.Validation), ("test", record.Test) })
        {
            if (summary is not null)
            {
                metrics[$"{part}.microAccuracy"] = summary.MicroAccuracy;
                metrics[$"{part}.macroAccuracy"] = summary.MacroAccuracy;
                metrics[$"{part}.logLoss"] = summary.LogLoss;
            }
        }

        return metrics;
    }
}
