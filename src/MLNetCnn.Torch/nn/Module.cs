using System.Diagnostics.CodeAnalysis;
using MLNetCnn.Torch.Modules;

namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// A part of a network: its parameters, its buffers and the parts that it is made of, each under the name of the field
        /// that holds it. Owns them: they outlive dispose scopes and are freed with the module.
        /// </summary>
        public abstract partial class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Parameter> _ownParameters = [];
            private readonly OrderedDictionary<string, (Tensor Tensor, bool Persistent)> _ownBuffers = [];
            private readonly OrderedDictionary<string, Module> _ownModules = [];

            /// <summary>A module called <paramref name="name"/>.</summary>
            protected Module(string name) => Name = name;

            /// <summary>Whether the module trains (dropout drops, batch normalisation learns its statistics); true at first.</summary>
            public bool training { get; private set; } = true;

            private string Name { get; }

            /// <summary>The module's name, as given to the constructor.</summary>
            public string GetName() => Name;

            /// <summary>Whether the parts are freed with the module; false for a view of another module's parts.</summary>
            protected virtual bool OwnsParts => true;

            /// <summary>Makes the module train, or not, with all its parts.</summary>
            public virtual void train(bool on = true)
            {
                training = on;
                foreach (var module in _ownModules.Values)
                {
                    module.train(on);
                }
            }

            /// <summary>Makes the module evaluate, with all its parts.</summary>
            public void eval() => train(false);

            /// <summary>Forgets the gradients of all parameters, or makes them zero.</summary>
            public void zero_grad(bool set_to_none = true)
            {
                var all = parameters().ToArray();
                Check(mnc_zero_grad(Handles(all), all.Length, set_to_none));
                GC.KeepAlive(all);
            }

            /// <summary>Freezes or unfreezes all parameters.</summary>
            public void requires_grad_(bool requires_grad = true)
            {
                foreach (var parameter in parameters())
                {
                    parameter.requires_grad = requires_grad;
                }
            }

            /// <summary>Calls <paramref name="fn"/> with every part and then with the module itself.</summary>
            /// <returns>This module.</returns>
            public Module apply(Action<Module> fn)
            {
                foreach (var module in _ownModules.Values)
                {
                    module.apply(fn);
                }

                fn(this);
                return this;
            }

            /// <summary>The parameters with their names, dotted through the parts; each once.</summary>
            public IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Named(recurse, module => module._ownParameters.Select(entry => (entry.Key, entry.Value)));

            /// <summary>The buffers (running statistics, ...) with their names; each once.</summary>
            public IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true) =>
                Named(recurse, module => module._ownBuffers.Select(entry => (entry.Key, entry.Value.Tensor)));

            /// <summary>The module itself under the empty name, and all parts under theirs; each once.</summary>
            public IEnumerable<(string name, Module module)> named_modules() => Walk("", []);

            /// <summary>The parts directly below, with their names.</summary>
            public IEnumerable<(string name, Module module)> named_children() => _ownModules.Select(entry => (entry.Key, entry.Value));

            /// <summary>The parameters; each once.</summary>
            public IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary>The buffers; each once.</summary>
            public IEnumerable<Tensor> buffers(bool recurse = true) => named_buffers(recurse).Select(entry => entry.buffer);

            /// <summary>The module itself and all parts; each once.</summary>
            public IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            /// <summary>The parts directly below.</summary>
            public IEnumerable<Module> children() => _ownModules.Values;

            /// <summary>Makes <paramref name="submodule"/> a part called <paramref name="name"/>.</summary>
            /// <exception cref="ArgumentException">The name is taken, empty or dotted.</exception>
            public void register_module(string name, Module submodule)
            {
                CheckName(name);
                _ownModules.Add(name, submodule);
            }

            /// <summary>Makes <paramref name="param"/> a parameter called <paramref name="name"/>.</summary>
            /// <exception cref="ArgumentException">The name is taken, empty or dotted.</exception>
            public void register_parameter(string name, Parameter param)
            {
                CheckName(name);
                _ownParameters.Add(name, param);
            }

            /// <summary>Makes <paramref name="tensor"/> a buffer called <paramref name="name"/>: part of the state, not learnt by gradients.</summary>
            /// <param name="name">The name.</param>
            /// <param name="tensor">The buffer; leaves its dispose scope.</param>
            /// <param name="persistent">Whether it belongs to <see cref="state_dict"/>.</param>
            /// <exception cref="ArgumentException">The name is taken, empty or dotted.</exception>
            public void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                CheckName(name);
                _ownBuffers.Add(name, (tensor.DetachFromDisposeScope(), persistent));
            }

            /// <summary>The module's name.</summary>
            public override string ToString() => Name;

            /// <summary>Frees the parameters, the buffers and the parts.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Frees the parameters, the buffers and the parts.</summary>
            /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                {
                    return;
                }

                foreach (var tensor in _ownParameters.Values.Concat(_ownBuffers.Values.Select(buffer => buffer.Tensor)))
                {
                    tensor.Dispose();
                }

                if (!OwnsParts)
                {
                    return;
                }

                foreach (var module in _ownModules.Values)
                {
                    module.Dispose();
                }
            }

            private IEnumerable<(string, T)> Named<T>(bool recurse, Func<Module, IEnumerable<(string, T)>> own)
                where T : Tensor
            {
                var seen = new HashSet<T>(ReferenceEqualityComparer.Instance);
                foreach (var (prefix, module) in recurse ? named_modules() : [("", this)])
                {
                    foreach (var (name, tensor) in own(module))
                    {
                        if (seen.Add(tensor))
                        {
                            yield return (Join(prefix, name), tensor);
                        }
                    }
                }
            }

            private IEnumerable<(string, Module)> Walk(string prefix, HashSet<Module> seen)
            {
                if (!seen.Add(this))
                {
                    yield break;
                }

                yield return (prefix, this);
                foreach (var (name, module) in _ownModules)
                {
                    foreach (var below in module.Walk(Join(prefix, name), seen))
                    {
                        yield return below;
                    }
                }
            }

            private static string Join(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix}.{name}";

            private bool IsTaken(string name) => _ownParameters.ContainsKey(name) || _ownBuffers.ContainsKey(name) || _ownModules.ContainsKey(name);

            private void CheckName([NotNull] string? name)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                if (name.Contains('.', StringComparison.Ordinal))
                {
                    throw new ArgumentException($"'{name}' in {Name} has a dot, which separates the names of parts");
                }

                if (IsTaken(name))
                {
                    throw new ArgumentException($"{Name} has a parameter, buffer or module called '{name}' already");
                }
            }
        }
    }
}
