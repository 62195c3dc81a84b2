using System.Text.Json;


namespace MLNetCnn.AutoML;

/// <summary>The record that a sweep leaves in its folder, beside its trial store.</summary>
public static class SweepStore
{
    /// <summary>The record's file name.</summary>
    public const string RecordFile = "sweep.json";

    /// <summary>The name of the trial store, where nobody names another.</summary>
    public const string TrialsFile = "trials.db";

    /// <summary>Writes a record into <paramref name="folder"/>: whole or not at all.</summary>
    public static void Save(SweepRecord record, string folder) =>
        AtomicFile.Write(Path.Combine(folder, RecordFile), JsonSerializer.Serialize(record, RecordJson.Options));

    /// <summary>Reads the record of a sweep.</summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <exception cref="ConfigurationException">There is none, or it is unreadable.</exception>
    public static SweepRecord Load(string folder)
    {
        var file = Path.Combine(folder, RecordFile);
        if (!File.Exists(file))
        {
            throw new ConfigurationException($"{folder}: there is no {RecordFile} here; give a folder that sweep wrote");
        }

        try
        {
            return JsonSerializer.Deserialize<SweepRecord>(File.ReadAllBytes(file), RecordJson.Options)
                ?? throw new ConfigurationException($"{file}: holds null where a sweep is expected; run it again");
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            throw new ConfigurationException($"{file}: is no sweep of this version ({error.Message}); run it again");
        }
    }
}
