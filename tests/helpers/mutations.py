"""Seeded damage of bytes (``spoil``), to the structure of NetCDF files (``structure``) and to places in HDF5 files (``replace``)."""

from __future__ import annotations

from pathlib import Path

import h5py
import netCDF4
import numpy as np

TEXTS = ("", "nonsense", "days since", "days since 0000-13-77", "seconds since 1970-01-01", "1e999", "[" * 5000, "{}", "[1, 2]", '{"a": 1}')
ODD = (*TEXTS, -1, 0, 7, 2**31 - 1, 1e300, np.nan, np.inf, np.arange(3), np.array([np.nan, 1.0]), np.float32(0.5), np.array([], dtype="i4"))
TYPES = ("i1", "u1", "i2", "i4", "i8", "u8", "f4", "f8", "S1", str)
HUGE = (10**7, 10**8, 2 * 10**9, 10**11)


def structure(original: Path, target: Path, random: np.random.Generator) -> str:
    """Write ``target``, a copy of the NetCDF file ``original`` with a damaged structure, and say what was done."""
    if random.random() < 0.2:
        return _by_h5py(original, target, random)
    spec, done = _spec(original), []
    for _ in range(int(random.integers(1, 3))):
        way = WAYS[int(random.integers(len(WAYS)))]
        try:
            done.append(f"{way.__name__.strip('_')}: {way(spec, random)}")
        except (KeyError, ValueError, IndexError, TypeError) as error:  # what the first one left cannot be damaged further
            done.append(f"{way.__name__.strip('_')}: nothing ({type(error).__name__})")
    _write(target, spec)
    return "; ".join(done)


def spoil(content: bytearray, random: np.random.Generator) -> tuple[bytes, str]:
    """Damaged bytes, and what was done to them."""
    size, kind = len(content), int(random.integers(6))
    # half of the damage goes where the structure of the file is told
    at = int(random.integers(min(size, 20_000) if random.random() < 0.5 else size))
    if kind == 0:
        for place in random.integers(size, size=int(random.integers(1, 40))):
            content[place] ^= 1 << int(random.integers(8))
        return bytes(content), "bits flipped all over"
    if kind == 1:
        content[at] ^= 1 << int(random.integers(8))
        return bytes(content), f"a bit flipped at {at}"
    length = int(2 ** random.uniform(0, 14))
    if kind == 2:
        content[at : at + length] = bytes(len(content[at : at + length]))
        return bytes(content), f"{length} bytes zeroed at {at}"
    if kind == 3:
        return bytes(content[:at]), f"cut at {at}"
    if kind == 4:
        content[at:at] = random.bytes(length)
        return bytes(content), f"{length} bytes inserted at {at}"
    content[at : at + length] = random.bytes(len(content[at : at + length]))
    return bytes(content), f"{length} bytes replaced at {at}"


def _spec(path: Path) -> dict:
    """A file in memory: dims, attrs, and of each variable its type, dims, values (None: never written), attrs and fill."""
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        names = {name: len(dimension) for name, dimension in file.dimensions.items()}
        found = {"dims": names, "attrs": {name: file.getncattr(name) for name in file.ncattrs()}, "vars": {}}
        for name, variable in file.variables.items():
            attributes = {a: variable.getncattr(a) for a in variable.ncattrs()}
            found["vars"][name] = {
                "type": variable.dtype, "dims": list(variable.dimensions), "values": variable[...], "attrs": attributes,
                "fill": attributes.pop("_FillValue", None),
            }  # fmt: skip
    return found


def _write(path: Path, spec: dict) -> None:
    with netCDF4.Dataset(path, "w") as file:
        for name, size in spec["dims"].items():
            file.createDimension(name, size)
        for name, own in spec["vars"].items():
            sizes = [spec["dims"][d] for d in own["dims"]]
            options: dict = {}
            if sizes and own["type"] is not str:
                options = {"zlib": True, "complevel": 1, "chunksizes": own.get("chunks") or [max(1, min(s, 64)) for s in sizes]}
            fill = own["fill"] if own["type"] is not str and np.dtype(own["type"]).kind in "iuf" else None
            variable = file.createVariable(name, own["type"], own["dims"], fill_value=fill, **options)
            variable.set_auto_maskandscale(False)
            for attribute, value in own["attrs"].items():
                _attribute(variable, attribute, value)
            if own["values"] is not None:
                variable[...] = own["values"]
        for attribute, value in spec["attrs"].items():
            _attribute(file, attribute, value)


def _attribute(holder, name, value) -> None:
    if isinstance(value, (int, np.integer)) and not isinstance(value, np.integer):
        value = np.int64(value)
    if np.size(value) or isinstance(value, str):
        holder.setncattr(name, value)


def _any(random, names) -> str:
    names = sorted(names)
    return names[int(random.integers(len(names)))]


def _drop_variable(spec, random):
    name = _any(random, spec["vars"])
    del spec["vars"][name]
    return name


def _drop_attribute(spec, random):
    holder = spec if random.random() < 0.5 else spec["vars"][_any(random, spec["vars"])]
    name = _any(random, holder["attrs"])
    del holder["attrs"][name]
    return name


def _odd_attribute(spec, random):
    if random.random() < 0.5:
        name, value = _any(random, spec["attrs"]), ODD[int(random.integers(len(ODD)))]
        spec["attrs"][name] = value
        return f"{name} = {value!r:.30}"
    own = _any(random, spec["vars"])
    more = ("scale_factor", "add_offset", "missing_value", "units", "calendar", "_Unsigned", "valid_range", "coordinates", "grid_mapping")
    name = _any(random, {*spec["vars"][own]["attrs"], *more})
    value = ODD[int(random.integers(len(ODD)))]
    spec["vars"][own]["attrs"][name] = value
    return f"{own}:{name} = {value!r:.30}"


def _other_type(spec, random):
    name, kind = _any(random, spec["vars"]), TYPES[int(random.integers(len(TYPES)))]
    own = spec["vars"][name]
    values = np.asarray(own["values"])
    with np.errstate(all="ignore"):
        if kind is str:
            own["values"] = np.full(values.shape, "word", dtype=object)
        elif kind == "S1":
            own["values"] = np.full(values.shape, b"x", dtype="S1")
        else:
            own["values"] = np.zeros(values.shape, kind) if values.dtype.kind in "OSU" else values.astype(kind)
    own["type"], own["fill"] = kind, None
    own["attrs"] = {k: v for k, v in own["attrs"].items() if k not in ("missing_value",)}
    return f"{name} as {kind}"


def _more_dimensions(spec, random):
    name = _any(random, spec["vars"])
    own, size = spec["vars"][name], int(random.integers(1, 4))
    spec["dims"]["extra"] = size
    own["values"] = np.broadcast_to(own["values"], (size, *np.shape(own["values"])))
    own["dims"] = ["extra", *own["dims"]]
    return f"{name} {size} times"


def _fewer_dimensions(spec, random):
    name = _any(random, [n for n, own in spec["vars"].items() if own["dims"]])
    own = spec["vars"][name]
    own["values"], own["dims"] = own["values"][0], own["dims"][1:]
    return name


def _turned(spec, random):
    name = _any(random, [n for n, own in spec["vars"].items() if len(own["dims"]) > 1])
    own = spec["vars"][name]
    order = random.permutation(len(own["dims"]))
    own["values"], own["dims"] = np.transpose(own["values"], order), [own["dims"][int(n)] for n in order]
    return f"{name} as {own['dims']}"


def _resized(spec, random, size=None):
    name = _any(random, spec["dims"])
    size = int(random.integers(0, 5)) if size is None else size
    for own in spec["vars"].values():
        if name in own["dims"]:
            axis = own["dims"].index(name)
            if size > spec["dims"][name]:
                own["values"] = None
            elif own["values"] is not None:
                own["values"] = np.take(own["values"], np.arange(size), axis=axis)
    spec["dims"][name] = size
    return f"{name} of {size}"


def _huge(spec, random):
    return _resized(spec, random, HUGE[int(random.integers(len(HUGE)))])


def _huge_chunks(spec, random):
    spec["dims"]["time"] = 70_000
    for own in spec["vars"].values():
        if "time" in own["dims"]:
            own["values"], own["chunks"] = None, [spec["dims"][d] for d in own["dims"]]
    return "one chunk of 70000 days"


def _days(spec, random):
    own, kind = spec["vars"]["time"], int(random.integers(5))
    values = np.array(own["values"])
    middle = values.size // 2
    if kind == 0:
        values = np.concatenate([values[middle:], values[:middle]])
    elif kind == 1:
        values[middle] = values[middle - 1]
    elif kind == 2:
        values = values[::-1]
    elif kind == 3:
        own["type"], own["fill"] = "f8", None
        values = values.astype(float)
        values[int(random.integers(values.size))] = (np.nan, np.inf, 1e18, -1e9)[int(random.integers(4))]
    else:
        values[-1] = np.iinfo(values.dtype).max
    own["values"] = values
    return ("halves swapped", "a day twice", "backwards", "a day that is none", "a last day far away")[kind]


def _axis(spec, random):
    name = ("lat", "lon")[int(random.integers(2))]
    values = np.array(spec["vars"][name]["values"], dtype=float)
    values[int(random.integers(values.size))] = (np.nan, np.inf, 1e9, -500.0, 0.0)[int(random.integers(5))]
    spec["vars"][name]["values"] = values
    return name


def _numbers(spec, random):
    names = [n for n, own in spec["vars"].items() if np.asarray(own["values"]).dtype.kind in "iuf" and np.size(own["values"])]
    name = _any(random, names)
    values = np.array(spec["vars"][name]["values"])
    odd = (np.nan, np.inf, -np.inf, 1e38, -1e38) if values.dtype.kind == "f" else (np.iinfo(values.dtype).max, np.iinfo(values.dtype).min)
    share = (1.0, 0.3, 2.0 / values.size)[int(random.integers(3))]
    values[random.random(values.shape) < share] = odd[int(random.integers(len(odd)))]
    spec["vars"][name]["values"] = values
    return name


def _settings(spec, random):
    names = ("hidden", "inputs", "combine", "status_meanings", "stop_meanings", "method", "shared_layers", "shared_factor", "annsm_kind")
    name = _any(random, names)
    values = (
        3,
        0,
        -1,
        10**9,
        2.5,
        "",
        "a b c",
        "tb_06v " * 3,
        '{"1": ["x"]}',
        "[1]",
        "{",
        "regional",
        "cell",
        "cube",
        np.arange(4),
        np.nan,
    )
    spec["attrs"][name] = values[int(random.integers(len(values)))]
    return f"{name} = {spec['attrs'][name]!r:.30}"


WAYS = (
    _drop_variable, _drop_attribute, _odd_attribute, _odd_attribute, _other_type, _other_type, _more_dimensions, _fewer_dimensions, _turned,
    _resized, _huge, _huge_chunks, _days, _axis, _numbers, _numbers, _settings,
)  # fmt: skip


def _by_h5py(original: Path, target: Path, random: np.random.Generator) -> str:
    """Damage that netCDF4 does not write: attributes and scales of other kinds, data sets of other shapes under the same name."""
    target.write_bytes(original.read_bytes())
    with h5py.File(target, "a") as file:
        return replace(file, _any(random, file), random)


def replace(file: h5py.File, name: str, random: np.random.Generator) -> str:
    """Put something else in the place of a data set or group, or of one of its attributes."""
    data, kind = file[name], int(random.integers(9))
    if kind == 0:
        gone = _any(random, data.attrs) if len(data.attrs) else ""
        if gone:
            del data.attrs[gone]
        return f"{name} without its attribute {gone}"
    if kind == 1:
        more = ("_FillValue", "units", "scale_factor", "SCALE FACTOR", "DIMENSION_LIST", "CLASS", "_Netcdf4Dimid", "NAME")
        attribute = _any(random, (*data.attrs, *more))
        if attribute in data.attrs:
            del data.attrs[attribute]
        value = ("text", 3.5, h5py.Empty("f4"), [1, 2, 3], data.ref, b"bytes\xff", np.nan, 0.0, np.inf)[int(random.integers(9))]
        data.attrs[attribute] = value
        return f"{name}:{attribute} = {value!r:.30}"
    values = data[...] if isinstance(data, h5py.Dataset) and kind > 5 else None
    kept = {key: data.attrs[key] for key in ("SCALE FACTOR", "scale_factor", "_FillValue", "units", "UNIT") if key in data.attrs}
    del file[name]
    if kind == 2:
        return f"{name} gone"
    if kind == 3:
        file.create_group(name)
        return f"{name} as a group"
    if kind == 4:
        file.create_dataset(name, data=np.zeros(5, dtype=[("a", "i4"), ("b", "f8")]))
        return f"{name} as a table"
    if values is None or not values.size or values.dtype.kind not in "iuf":
        link = (h5py.SoftLink("/nowhere"), h5py.ExternalLink("/etc/passwd", "/x"), h5py.SoftLink(name))[int(random.integers(3))]
        if random.random() < 0.5:
            file[name] = link
            return f"{name} as a link"
        file.create_dataset(name, shape=(3, 10**10), dtype="f4", chunks=(1, 1000))
        return f"{name} of 3 x 10^10, without dimensions"
    if kind == 6:
        other = TYPES[int(random.integers(8))]
        with np.errstate(all="ignore"):
            file.create_dataset(name, data=values.astype(other)).attrs.update(kept)
        return f"{name} as {other}"
    if kind == 7:
        shape = ((1,), (), (0, 5), values.shape[::-1], (*values.shape, 1), (1, *values.shape), values.shape[1:])[int(random.integers(7))]
        file.create_dataset(name, data=np.resize(values, shape)).attrs.update(kept)
        return f"{name} of shape {shape}"
    with np.errstate(all="ignore"):
        odd = (np.nan, np.inf, 1e38, -1e38) if values.dtype.kind == "f" else (np.iinfo(values.dtype).max, np.iinfo(values.dtype).min, 0)
        values[random.random(values.shape) < (1.0, 0.3)[int(random.integers(2))]] = odd[int(random.integers(len(odd)))]
    file.create_dataset(name, data=values).attrs.update(kept)
    return f"{name} of odd numbers"
