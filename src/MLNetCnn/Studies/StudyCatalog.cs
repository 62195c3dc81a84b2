using System.Text.Json;

using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Runs;

namespace MLNetCnn.Studies;

/// <summary>Finds and reads study files.</summary>
public sealed class StudyCatalog
{
    private const string Folder = "studies";
    private readonly string _folder;

    /// <summary>The studies beside the dataset manifests.</summary>
    public StudyCatalog()
        : this(Path.Combine(ManifestCatalog.DefaultFolder, Folder))
    {
    }

    /// <summary>The studies in <paramref name="folder"/>.</summary>
    public StudyCatalog(string folder) => _folder = folder;

    /// <summary>The names of all studies, in alphabetical order.</summary>
    public IReadOnlyList<string> Names => Directory.Exists(_folder)
        ? [.. Directory.EnumerateFiles(_folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!]
        : [];

    /// <summary>Reads a study.</summary>
    /// <param name="nameOrPath">A name of <see cref="Names"/> or the path of a study file.</param>
    /// <exception cref="ConfigurationException">There is no such study, or its file has problems: all are named.</exception>
    public Study Load(string nameOrPath)
    {
        var path = File.Exists(nameOrPath) ? nameOrPath : Path.Combine(_folder, nameOrPath + ".json");
        if (!File.Exists(path))
        {
            throw new ConfigurationException($"there is no study '{nameOrPath}': choose from {string.Join(", ", Names)}, or give a study file");
        }

        Study study;
        try
        {
            study = JsonSerializer.Deserialize<Study>(File.ReadAllBytes(path), RunJson.Options)
                ?? throw new ConfigurationException($"{path}: holds null where a study is expected");
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException($"{path}: {exception.Message}");
        }

        ConfigurationException.ThrowIfAny(Problems(study, path));
        return study;
    }

    private static IEnumerable<string> Problems(Study study, string path)
    {
        foreach (var twice in study.Runs.GroupBy(run => run.Name).Where(group => group.Count() > 1))
        {
            yield return $"{path}: the run '{twice.Key}' stands there {twice.Count()} times; names must differ";
        }

        var names = study.Runs.Select(run => run.Name).ToHashSet();
        foreach (var (name, profile) in study.Profiles)
        {
            foreach (var unknown in (profile.Runs ?? []).Where(run => !names.Contains(run)))
            {
                yield return $"{path}: profile '{name}' names the run '{unknown}', which the study has not";
            }
        }

        foreach (var run in study.Runs.Where(run => run.Missing is null))
        {
            foreach (var profile in study.Profiles.Values)
            {
                if (StudyRunner.TryOptions(study, profile, run, seed: 0, out _) is { } problem)
                {
                    yield return $"{path}: run '{run.Name}': {problem}";
                    break;
                }
            }
        }
    }
}
