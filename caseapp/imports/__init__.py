"""Spreadsheets in: reads the lists that an office keeps today and turns their rows into clients and contacts.

`rules` reads files, headings and cells without a database; nothing is stored before the preview is confirmed.
"""
