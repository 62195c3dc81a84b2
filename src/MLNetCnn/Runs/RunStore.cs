using System.Text.Json;

namespace MLNetCnn.Runs;

/// <summary>The folder that a run leaves: <c>run.json</c>, <c>model.zip</c>, <c>report.html</c>.</summary>
public static class RunStore
{
    /// <summary>The record's file name.</summary>
    public const string RecordFile = "run.json";

    /// <summary>The model's file name.</summary>
    public const string ModelFile = "model.zip";

    /// <summary>The file name of the model in 8-bit integers, where one was made.</summary>
    public const string Int8ModelFile = "model-int8.zip";

    /// <summary>The report's file name.</summary>
    public const string ReportFile = "report.html";

    /// <summary>Writes a record into <paramref name="folder"/>: whole or not at all.</summary>
    public static void Save(RunRecord record, string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, RecordFile), JsonSerializer.Serialize(record, RecordJson.Options));
    }

    /// <summary>Reads the record of a run.</summary>
    /// <param name="path">A run's folder or its <c>run.json</c>.</param>
    /// <exception cref="ConfigurationException">There is no run, or its record is unreadable.</exception>
    public static RunRecord Load(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, RecordFile) : path;
        if (!File.Exists(file) || Path.GetExtension(file) != Path.GetExtension(RecordFile))
        {
            throw new ConfigurationException($"{path}: there is no {RecordFile} here; give a folder that train or study wrote");
        }

        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllBytes(file), RecordJson.Options)
                ?? throw new ConfigurationException($"{file}: holds null where a run is expected; run it again");
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException($"{file}: is no run of this version ({exception.Message}); run it again");
        }
    }

    /// <summary>Copies a run's model to where a reader looks for the best.</summary>
    /// <param name="run">A run that has a model.</param>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="folder">Where the copy goes, as <see cref="ModelFile"/>.</param>
    /// <returns>The copy.</returns>
    public static string KeepModel(RunRecord run, string runFolder, string folder)
    {
        var path = Path.Combine(folder, ModelFile);
        AtomicFile.Write(path, unfinished => File.Copy(Path.Combine(runFolder, run.ModelFile!), unfinished));
        return path;
    }

    /// <summary>The record in <paramref name="folder"/>, or null where there is none or it is unreadable.</summary>
    public static RunRecord? TryLoad(string folder)
    {
        try
        {
            return Load(folder);
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }
}
