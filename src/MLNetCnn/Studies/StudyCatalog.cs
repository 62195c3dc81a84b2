using System.Text.Json;

using MLNetCnn.Data;

namespace MLNetCnn.Studies;

/// <summary>Finds and reads study files.</summary>
public sealed class StudyCatalog
{
    private const string Folder = "studies";
    private readonly IReadOnlyList<string> _folders;

    /// <summary>The studies beside the dataset manifests.</summary>
    public StudyCatalog()
        : this(new ManifestCatalog().Folders.Select(folder => Path.Combine(folder, Folder)))
    {
    }

    /// <summary>The studies in some folders; of two of the same name, the first folder's.</summary>
    public StudyCatalog(IEnumerable<string> folders) => _folders = [.. folders.Where(Directory.Exists)];

    /// <summary>The names of all studies, in alphabetical order.</summary>
    public IReadOnlyList<string> Names =>
        [.. _folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.json")).Select(file => Path.GetFileNameWithoutExtension(file)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Reads a study.</summary>
    /// <param name="nameOrPath">A name of <see cref="Names"/> or the path of a study file.</param>
    /// <exception cref="ConfigurationException">There is no such study, or its file has problems: all are named.</exception>
    public Study Load(string nameOrPath)
    {
        var path = _folders.Select(folder => Path.Combine(folder, nameOrPath + ".json")).Prepend(nameOrPath).FirstOrDefault(File.Exists);
        if (path is null)
        {
            throw new ConfigurationException($"there is no study '{nameOrPath}': choose from {string.Join(", ", Names)}, or give a study file");
        }

        Study study;
        try
        {
            study = JsonSerializer.Deserialize<Study>(File.ReadAllBytes(path), RecordJson.Options)
                ?? throw new ConfigurationException($"{path}: holds null where a study is expected");
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException($"{path}: {RecordJson.Explain(exception)}");
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

        foreach (var run in study.Runs.Where(run => run.Name.Trim() is "" or "." or ".." || run.Name.Contains('/', StringComparison.Ordinal)))
        {
            yield return $"{path}: the run '{run.Name}' can't have a folder of its name: leave out '/', and give at least a letter";
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
                var problems = StudyRunner.TryOptions(study, profile, run, seed: 0, out _);
                foreach (var problem in problems)
                {
                    yield return $"{path}: run '{run.Name}': {problem}";
                }

                if (problems.Count > 0)
                {
                    break;
                }
            }
        }
    }
}
