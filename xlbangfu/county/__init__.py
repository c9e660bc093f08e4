"""汇总: the returns of a county's schools in one workbook, on Dask (DOMAIN rule 14).

``found_files`` lists what is in the folders, ``read_file`` reads one and keeps its rows as Parquet under the hash of its bytes,
``gather`` does that for all, one task a file, ``as_one_county`` works the figures out of what was kept, ``write_county`` is the
workbook. dask, distributed, pandas and pyarrow are the extra ``county`` and are imported here only, when it runs.

The kept rows are pandas' where Dask has them and polars' where one file is read: the rules are written in polars.
"""
